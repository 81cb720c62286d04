"""How anything is printed, by every command line: as tables for people, as JSON for machines, as words.

What a name, a tag or somebody's error message holds is shown as `printable` has it: no terminal and no runner of CI
obeys it, no line of it passes for one of ours.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import click

from model_ops import printable

WIDE = 400
"""Columns where nobody looks at a terminal: a table in a file is not to be broken at 80."""


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their headers; on a terminal long cells are folded, elsewhere nothing is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable.line(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    with console.capture() as printed:
        console.print(table)
    echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


def print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and their values, one a line, aligned; what has no value is left out."""
    shown = [(name, value) for name, value in pairs if value]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        first, *more = printable.text(value).splitlines() or [""]
        echo(f"{name:<{width}}  {first}")
        for line in more:
            echo(f"{'':<{width}}  {line}")


def print_json(value: Any) -> None:
    """Print a result of the library as JSON: dataclasses by their fields, times in ISO 8601."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    shown = "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)
    click.echo(printable.json(shown))


def plain(value: Any) -> Any:
    """Turn a result of the library into what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(each) for each in value), key=str)
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, (date, time)):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has neither NaN nor infinity
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


def echo(text: str, *, nl: bool = True) -> None:
    """Print data that may hold anything, one line or several."""
    click.echo(printable.text(text), nl=nl)


def say(words: str) -> None:
    """Say something to the person; data goes elsewhere."""
    click.echo(printable.text(words), err=True)


def instruct(command: str) -> None:
    """Print a command for the CI that runs this; whatever is of others in it was escaped by its rules."""
    click.echo(command)


def print_file(text: str) -> None:
    """Print a file's text: as it is where it goes into another file, else as `echo` does."""
    click.echo(printable.text(text) if sys.stdout.isatty() else text, nl=False)


def refused(error: object) -> click.ClickException:
    """Give what ends a command with a message, and no traceback."""
    return click.ClickException(printable.text(str(error)))


def when(moment: datetime | None, *, seconds: bool = False) -> str:
    """Write a time in UTC; empty where there is none."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%SZ}" if seconds else f"{moment:%Y-%m-%d %H:%MZ}"


def figure(value: float | None) -> str:
    """Write a metric to four digits that count; empty where there is none."""
    return "" if value is None else f"{value:.4g}"


def size(count: int) -> str:
    """Write a number of bytes as people read it, in powers of a thousand."""
    amount, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.0f} {units[0]}" if units[0] == "B" else f"{amount:.1f} {units[0]}"


def short(identifier: str | None) -> str:
    """Shorten a run id or a commit to what tells it apart."""
    return (identifier or "")[:8]
