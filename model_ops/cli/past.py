"""`history`: what served when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from model_ops.cli.options import Chosen, json_option, on_model
from model_ops.cli.output import print_json, print_pairs, print_table, say, short, when
from model_ops.errors import HistoryError

if TYPE_CHECKING:
    from model_ops.history.timeline import Entry


@click.command()
@on_model
@click.option("--at", "moment", help="What served then: 2026-03-01T12:00Z; a date alone means the end of that day.")
@json_option
def history(chosen: Chosen, moment: str | None, as_json: bool) -> None:
    """Tell what served when, and for how long.

    By whose commit, and whose approval. A model whose entry is gone has its history still: name it by --model.
    """
    from model_ops.history.intervals import parse_time
    from model_ops.history.timeline import entry_at, read_timeline, recorded_model

    try:
        asked = parse_time(moment) if moment else None
    except HistoryError as error:
        raise click.UsageError(str(error)) from None
    if asked is not None and asked > datetime.now(UTC) + timedelta(days=1):
        raise HistoryError(f"{moment} is in the future, and nothing has served then. Name a time that has passed.")
    stack = chosen.open()
    model = recorded_model(stack, chosen.name)
    entries = read_timeline(stack, model)
    if asked is None:
        _print_all(entries, as_json=as_json)
        return
    found = entry_at(entries, asked)
    if as_json:
        print_json(found)
    elif found is None:
        say(f"Nothing was proven to serve {model.name} in stack {stack.name} at {when(asked, seconds=True)}.")
    else:
        print_pairs(_pairs(found))


_COLUMNS = ("version", "from", "until", "for", "canary", "run", "commit", "author", "approved by")


def _print_all(entries: tuple[Entry, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(entries)
        return
    print_table(_COLUMNS, [_row(entry) for entry in entries])
    for remark in dict.fromkeys(remark for entry in entries for remark in entry.remarks):
        say(remark)


def _row(entry: Entry) -> list[str]:
    served = entry.served
    canary = f"{served.canary.version} at {served.canary.percent} %" if served.canary else ""
    until = when(served.until, seconds=True) or "now"
    since = when(served.since, seconds=True)
    commit = entry.commit
    return [
        str(served.version),
        since,
        until,
        entry.duration,
        canary,
        short(entry.run_id),
        short(commit.hash if commit else None) or "-",
        commit.author if commit else "-",
        commit.approved_by if commit else "-",
    ]


def _pairs(entry: Entry) -> list[tuple[str, str]]:
    headers = dict(zip(_COLUMNS, _row(entry), strict=True))
    served = entry.served
    proven = f"{when(served.confirmed, seconds=True)}, by {served.confirmations + 1} of its updates"
    shown = [*headers.items(), ("last proven", proven), ("in doubt", served.doubt or "")]
    return [(name, value) for name, value in shown if value != "-"] + [("remarks", "\n".join(entry.remarks))]
