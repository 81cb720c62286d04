"""The rollouts of a stack, from the engine's record: what each changed, how it ended and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from model_ops.credential import hidden
from model_ops.history.intervals import in_words
from model_ops.history.updates import Pins, Update
from model_ops.report.picture import Rollout

KINDS = frozenset({"update", "destroy"})
"""What changes a stack; previews, refreshes and imports do not."""
MOST = 20
"""How many are shown of a stack."""
ORDER = ("create", "update", "replace", "create-replacement", "delete", "delete-replaced", "read", "import", "same")


def rollouts(record: Sequence[Update], since: datetime) -> tuple[Rollout, ...]:
    """Tell the latest rollouts that began after `since`, the latest first, from a record whose oldest comes first."""
    changing = [update for update in record if update.kind in KINDS]
    before = [None, *changing]
    told = [_rollout(update, last) for last, update in zip(before, changing, strict=False) if update.started >= since]
    return tuple(told[: -MOST - 1 : -1])


def _rollout(update: Update, before: Update | None) -> Rollout:
    took = update.ended - update.started if update.ended else None
    return Rollout(
        number=update.number,
        kind=update.kind,
        result=update.result,
        started=update.started,
        ended=update.ended,
        seconds=took.total_seconds() if took else None,
        took="" if took is None else in_words(took) if took.total_seconds() >= 1 else "under 1 s",
        pins=tuple(_moved((before and before.pins) or {}, update)),
        changes=_changes(update.changes),
        message=hidden(update.message),
        commit=update.commit,
    )


def _moved(before: Mapping[str, Pins], update: Update) -> Iterator[str]:
    if update.pins is None or update.kind == "destroy":
        return
    for name in sorted(update.pins.keys() | before.keys()):
        old, new = before.get(name), update.pins.get(name)
        was, now = (old.words if old else "no version"), (new.words if new else "no version")
        if was != now:
            yield f"{name}: {was} → {now}"


def _changes(changes: Mapping[str, int]) -> str:
    known = [name for name in ORDER if changes.get(name)]
    others = sorted(name for name in changes if name not in ORDER and changes[name])
    return ", ".join(f"{changes[name]} {name}" for name in [*known, *others])
