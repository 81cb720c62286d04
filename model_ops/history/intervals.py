"""What served when: read from the engine's record, of which only an `up` that succeeded proves anything.

- An `up` that succeeded proves its pins at the moment it ended: it fails where they do not serve. One that finds the
  same pins confirms them.
- A failed `up` changes nothing: the config before it serves on. It is kept with what went on meanwhile where it had
  other pins for the model; where it had the same, something else of the stack failed. A destroy that failed is kept
  too: what it got to, the record does not say. `settled` asks the workspace about what is left open.
- A destroy that succeeded ends it; so does an `up` without the pin, or one whose pins the record hides.
- An `up` of chosen resources (`--target`, `--exclude`) may have left the endpoint out. Where it changed anything its
  pins are taken to serve, with a doubt, until a whole `up` confirms them; such a destroy counts as a failed one.
- Previews, refreshes, imports and renames change nothing that serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from model_ops.errors import HistoryError
from model_ops.history.updates import Pins, Update
from model_ops.served import Canary

UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
CHANGES = frozenset({"create", "update", "replace", "create-replacement"})
DOUBT = "it was of chosen resources alone (--target or --exclude), and the record does not say which"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A version of a model that served with one set of warm versions and one canary, without a break."""

    version: int
    """The one that took all the traffic that the canary left."""
    pins: Pins
    update: Update
    """The first that proved it."""
    end: Update | None = None
    """The one that ended it; None while it serves."""
    confirmed: datetime
    """When it was last proven."""
    confirmations: int = 0
    """How many later updates found it so again."""
    unproven: tuple[Update, ...] = ()
    """What was tried meanwhile and proves nothing: updates and destroys that failed or left resources out."""
    returned: datetime | None = None
    """When an `up` last had these pins again, and failed for something else."""
    settled: bool = False
    """The update failed for something else, and the workspace says that this serves."""
    doubt: str | None = None
    """Why it may not have served after all."""

    @property
    def stack(self) -> str:
        """The stack that served it."""
        return self.update.stack

    @property
    def model(self) -> str:
        """The model's name in the stack."""
        return self.pins.model

    @property
    def canary(self) -> Canary | None:
        """The version that took some of the traffic."""
        return self.pins.canary

    @property
    def since(self) -> datetime:
        """When it was proven first: the end of its update."""
        return _ended(self.update)

    @property
    def until(self) -> datetime | None:
        """When something else was proven, or nothing; None while it serves."""
        return _ended(self.end) if self.end else None

    @property
    def tried(self) -> Pins | None:
        """What the last `up` wanted of the model instead, and failed; None where these pins were the last."""
        for update in reversed(self.unproven):
            pins = (update.pins or {}).get(self.model)
            if update.kind == "update" and update.result != "succeeded" and pins is not None:
                return pins if _ended(update) > max(self.confirmed, self.returned or self.confirmed) else None
        return None

    @property
    def commit(self) -> str | None:
        """The commit that was checked out when its update ran; None where the engine recorded none."""
        return self.update.commit

    def lasted(self, now: datetime) -> timedelta:
        """How long it served, or has served so far."""
        return (self.until or now) - self.since


def intervals(updates: Iterable[Update], model: str) -> tuple[Served, ...]:
    """Tell what served of `model`, oldest first and without overlaps, from updates in either order."""
    found: list[Served] = []
    serving: Served | None = None
    for update in _in_order(updates):
        after = _after(serving, update, model)
        if serving and (after is None or after.update is not serving.update):
            found.append(replace(serving, end=update))
        serving = after
    return (*found, serving) if serving else tuple(found)


def at(intervals: Iterable[Served], when: datetime) -> Served | None:
    """Find what served at a moment; None where nothing did, or nothing that the record shows."""
    for served in intervals:
        if served.since <= when and (served.until is None or when < served.until):
            return served
    return None


def previous(intervals: Sequence[Served], current: int) -> Served | None:
    """Find the last that was proven to serve another version than `current`, of the same registered model.

    After 7, 6, 7 that is 6: this is what a rollback goes back to. What is in doubt is passed over.
    """
    return next((served for served in _proven(intervals) if served.version != current), None)


def older(intervals: Sequence[Served], current: int) -> Served | None:
    """Find the last that was proven to serve an older version than `current`, of the same registered model."""
    return next((served for served in _proven(intervals) if served.version < current), None)


def _proven(intervals: Sequence[Served]) -> Iterator[Served]:
    """What is not in doubt, of the registered model that serves now, the latest first."""
    for served in reversed(intervals):
        if served.pins.full_name == intervals[-1].pins.full_name and not served.doubt:
            yield served


def parse_time(text: str) -> datetime:
    """Read a time in ISO 8601 as a time in UTC; raises HistoryError where it is none.

    Without a zone it is taken as UTC. A date alone stands for its last moment: what served when that day was over.
    """
    try:
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise HistoryError(
            f"{text!r} is no time. Write it as ISO 8601 has it, in UTC or with a zone: "
            "2026-03-01T12:00Z, 2026-03-01T13:00+01:00, or 2026-03-01 for the end of that day."
        ) from None


def in_words(duration: timedelta) -> str:
    """Say a duration in its two largest units: `3 d 4 h`, `17 min 18 s`, `0 s`."""
    left = max(0, int(duration.total_seconds()))
    words: list[tuple[int, str]] = []
    for unit, seconds in UNITS:
        count, left = divmod(left, seconds)
        if count or words:
            words.append((count, unit))
    return " ".join(f"{count} {unit}" for count, unit in words[:2] if count) or "0 s"


def _in_order(updates: Iterable[Update]) -> list[Update]:
    """Order those that have ended; two that ended in the same second stay as the record has them."""
    ended = [update for update in updates if update.ended]
    if ended and _ended(ended[0]) > _ended(ended[-1]):
        ended.reverse()
    return sorted(ended, key=lambda update: (_ended(update), update.number or 0))


def _ended(update: Update) -> datetime:
    return update.ended or datetime.max.replace(tzinfo=UTC)


def _after(serving: Served | None, update: Update, model: str) -> Served | None:
    """What serves once `update` has ended."""
    if update.kind not in {"update", "destroy"}:
        return serving
    pins = (update.pins or {}).get(model) if update.kind == "update" else None
    pinned = pins.version if pins else None
    left_out = update.partial and (pinned is None or not CHANGES & update.changes.keys())
    if update.result != "succeeded" or left_out:
        return serving and _unproven(serving, update, pins)
    if pins is None or pinned is None:
        return None
    if serving and serving.pins == pins:
        return serving if update.partial else _confirmed(serving, update)
    doubt = DOUBT if update.partial else None
    return Served(version=pinned, pins=pins, update=update, confirmed=_ended(update), doubt=doubt)


def _unproven(serving: Served, update: Update, pins: Pins | None) -> Served:
    if pins != serving.pins:
        return replace(serving, unproven=(*serving.unproven, update))
    return serving if update.partial else replace(serving, returned=_ended(update))


def _confirmed(serving: Served, update: Update) -> Served:
    return replace(serving, confirmed=_ended(update), confirmations=serving.confirmations + 1, doubt=None)
