"""What drift is made of: one thing as it was deployed and as it is found, and all of them of one stack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from model_ops.drift.state import Deployed

Kind = Literal[
    "pin",
    "traffic",
    "warm versions",
    "size",
    "scale to zero",
    "environment",
    "gateway",
    "tags",
    "permissions",
    "grants",
    "owner",
    "comment",
    "existence",
]
"""What of a stack can differ."""
NOT_SET = "not set"
GONE = "gone"
THERE = "there"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not as the stack deployed it; `deployed` and `found` are words, and hold no secret."""

    model: str | None
    """The entry that it belongs to; None for what several share, such as a schema."""
    kind: Kind
    what: str
    """Such as `endpoint chatbot: workload size of version 7`."""
    deployed: str
    found: str
    setting: str | None = None
    """The key of the entry that says it, such as `endpoint.workloadSize`; None where an `up` always puts it back."""
    serving: int | None = None
    """Of a pin: the version that gets the most traffic now."""
    by: str = ""
    """Who changed it last, where the workspace says so."""
    at: datetime | None = None
    """When it was changed last, where the workspace says so and it was after the deployment; in UTC."""


@dataclass(frozen=True)
class LastChange:
    """Who changed a thing last and when, in UTC; nothing where that was before its deployment, or is not told."""

    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """All that was changed by hand of one stack, or of one of its models."""

    stack: str
    looked_at: int
    """How many of the stack's resources were compared."""
    differences: tuple[Difference, ...] = ()
    unseen: tuple[str, ...] = ()
    """What the workspace does not let this identity see, in words."""
    remarks: tuple[str, ...] = ()
    """What is no change by hand: an update in progress, a rollout that failed."""

    @property
    def found(self) -> bool:
        """Whether anything was changed by hand."""
        return bool(self.differences)


UNTOLD = LastChange()


def difference(
    deployed: Deployed,
    kind: Kind,
    what: str,
    was: str,
    now: str,
    *,
    last: LastChange = UNTOLD,
    setting: str | None = None,
    serving: int | None = None,
) -> Difference:
    """Say that something of `deployed` is not as it was, `was` and `now` in words; the rest as `Difference` has it."""
    return Difference(
        model=deployed.model,
        kind=kind,
        what=what,
        deployed=was,
        found=now,
        setting=setting,
        serving=serving,
        by=last.by,
        at=last.at,
    )


def last_change(deployed: Deployed, milliseconds: Any, by: str = "") -> LastChange:
    """Tell the last change of a thing, whose time the REST API gives in milliseconds since 1970 or not at all."""
    at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None
    if at is None or (deployed.modified and at <= deployed.modified):
        return UNTOLD
    return LastChange(at, by)
