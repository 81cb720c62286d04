"""Writes Markdown in which what others have written is text: no markup, mention, reference or link of theirs counts.

What of theirs might mean something goes into code: GitHub and Azure DevOps look for no `@team`, `#7`, address or HTML
in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from model_ops import printable

LONGEST = 240
"""Characters of somebody's text in a line; what is longer stands whole in the JSON."""
MOST_LINES = 60
MOST_ROWS = 60
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
HARMLESS = re.compile(r"[A-Za-z0-9 .,:;()%/'=+_→≈-]*")
MEANT = re.compile(r"://|www\.|\b(?:GH-\d|[0-9a-f]{7,40}\b)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", re.IGNORECASE)
"""What GitHub makes a link of, and underscores that Markdown takes for emphasis."""
SAFE = "/:?#=&%~+,;@!$*'[]"
"""What stays in an address as it is: nothing that ends a link."""


def code(text: object) -> str:
    """Give somebody's text as code in a line: of any other character than a space it shows what a reader sees."""
    line = printable.line(str(text))
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]} …"
    if not line.strip():
        return "` `"
    if "|" in line:  # it would end the cell of a table, in whatever code it stands
        return f"<code>{PUNCTUATION.sub(_entity, line)}</code>"
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def words(text: str) -> str:
    """Give a sentence of ours, which may name what others named: as it is where nothing in it counts, else as code."""
    return text if _counts_for_nothing(text) else code(text)


def link(text: object, address: str) -> str:
    """Give somebody's text as code that leads to an address; without one, or to a foreign scheme, as code alone."""
    if urlsplit(address).scheme not in ("http", "https"):
        return code(text)
    return f"[{code(text)}]({quote(address, safe=SAFE)})"


def block(text: str) -> str:
    """Give somebody's lines as a block of code, cut where they are many."""
    lines = printable.text(text).splitlines() or [""]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} lines more"]
    fence = "`" * max(3, max(map(_longest_run, lines)) + 1)
    return "\n".join([f"{fence}text", *(line[: 4 * LONGEST] for line in lines), fence])


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table whose cells are Markdown of ours; somebody's text goes in by `code`."""
    shown = list(rows)
    more = len(shown) - MOST_ROWS
    lines = [_row(headers), _row(["---"] * len(headers)), *map(_row, shown[:MOST_ROWS])]
    return "\n".join([*lines, *(["", f"… and {more} more"] if more > 0 else [])])


def details(title: str, body: str) -> str:
    """Give Markdown folded under a title, which is plain text."""
    shown = html.escape(printable.line(title))
    shown = shown if _counts_for_nothing(title) else f"<code>{shown}</code>"
    return f"<details><summary>{shown}</summary>\n\n{body}\n\n</details>"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _counts_for_nothing(text: str) -> bool:
    return bool(HARMLESS.fullmatch(text)) and not MEANT.search(text)


def _entity(character: re.Match[str]) -> str:
    return f"&#{ord(character[0])};"


def _longest_run(line: str) -> int:
    return max(map(len, re.findall("`+", line)), default=0)
