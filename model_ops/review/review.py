"""What a review says: of the change, of each stack, of each model in it; plain data that JSON carries unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from model_ops.review.facts import Evidence

Level = Literal["nothing", "fine", "look", "refused"]
"""`look`: nothing speaks against it, and a person should read more than the first lines."""
MoveKind = Literal[
    "first deployment",
    "roll forward",
    "rollback",
    "canary promoted",
    "canary started",
    "canary moved",
    "canary ended",
    "standby added",
    "standby removed",
    "unpinned",
    "retired",
    "revived",
    "entry added",
    "entry removed",
    "settings",
]
StackState = Literal["changed", "added", "deleted", "broken", "program", "unchanged"]
"""What the change does to a stack's file; `program`: nothing, and the program that the stack runs on is another."""
LEVELS: tuple[Level, ...] = ("nothing", "fine", "look", "refused")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The word that decides, and each reason for it, the weightiest first."""

    level: Level
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Something that could not be looked at, and why."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What refuses a change: a title of ours, and the words of whoever refuses it."""

    title: str
    words: str = ""
    mend: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingChange:
    """A setting that is in force with another value; None where it is not set, texts otherwise."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What one side of the change pins of a model."""

    full_name: str
    endpoint: str
    version: int | None
    warm: tuple[int, ...] = ()
    canary: int | None = None
    percent: int | None = None
    retired: bool = False

    @property
    def deployed(self) -> tuple[int, ...]:
        """Every version that is deployed: the pin, the standbys, the canary; none of a model that is retired."""
        if self.retired or self.version is None:
            return ()
        return tuple(dict.fromkeys(each for each in (self.version, *self.warm, self.canary) if each is not None))


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that the change does to a model; `before` and `after` are versions or percents in words."""

    kind: MoveKind
    sentence: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelReview:
    """One model of a stack: from what to what, and what is known of it."""

    name: str
    before: Pinned | None
    """None where the entry is new, or that side cannot be read."""
    after: Pinned | None
    moves: tuple[Move, ...]
    """The weightiest first."""
    evidence: tuple[Evidence, ...] = ()
    """Of each version that the change newly deploys or gives traffic, the pin first."""
    settings: tuple[SettingChange, ...] = ()
    """Other settings that are in force with another value."""


@dataclass(frozen=True, kw_only=True)
class PathChange:
    """One property of a resource, by its path, with its value on both sides as JSON text (`-` for none)."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class InfrastructureChange:
    """One resource that the engine would touch."""

    operation: str
    """create, update, replace, delete, import, forget (the engine lets go of it, and it stays)"""
    kind: str
    """In words, as in: serving endpoint"""
    type: str
    """The resource's type in the program."""
    name: str
    paths: tuple[PathChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyFinding:
    """What a policy says of a resource."""

    policy: str
    level: str
    """mandatory: it refuses; exempt: it would, but for a line of the stack's file; unknown: not to be told before the
    up; advisory"""
    message: str
    resource: str = ""


@dataclass(frozen=True, kw_only=True)
class Infrastructure:
    """What the engine's preview would change in the cloud, components left out: they exist in the engine alone."""

    changes: tuple[InfrastructureChange, ...] = ()
    same: int | None = 0
    """How many stay as they are; None where the preview does not say which: without --show-sames the CLI does not."""
    policies: tuple[PolicyFinding, ...] | None = ()
    """None where the preview was held against no policy, as a plain `pulumi preview` is not."""
    errors: tuple[str, ...] = ()
    """Why the preview was refused; empty where it went through."""

    @property
    def destructive(self) -> tuple[InfrastructureChange, ...]:
        """What is replaced or deleted."""
        return tuple(each for each in self.changes if each.operation in ("replace", "delete"))


@dataclass(frozen=True, kw_only=True)
class Amount:
    """Dollars a month, from at least to at most; None where a price is not known."""

    least: float
    most: float


@dataclass(frozen=True, kw_only=True)
class ModelCost:
    """What one model's endpoint costs a month, before and after."""

    model: str
    before: Amount | None
    after: Amount | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """An estimate of what a stack's endpoints that the change touches cost a month, from list prices."""

    before: Amount | None
    after: Amount | None
    models: tuple[ModelCost, ...]
    currency: str
    source: str
    as_of: str
    """The date of the price table."""


@dataclass(frozen=True, kw_only=True)
class StackReview:
    """One stack that the change touches."""

    name: str
    state: StackState
    verdict: Verdict
    file: str
    rehearsed: str | None = None
    """Which sandbox stands for the stack's workspace; None where the workspace itself was looked at."""
    models: tuple[ModelReview, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    """Of the stack, not of one model."""
    problems: tuple[Problem, ...] = ()
    infrastructure: Infrastructure | None = None
    """None where there is no preview of it."""
    cost: Cost | None = None
    unseen: tuple[Unseen, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Review:
    """The whole change."""

    base: str
    """What it was compared with, as it was named."""
    head: str
    """The commit, in full."""
    verdict: Verdict
    stacks: tuple[StackReview, ...] = ()
    """In the order in which they are deployed."""
    remarks: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it must not be merged as it is."""
        return self.verdict.level == "refused"


def weightiest(levels: Iterable[Level]) -> Level:
    """The weightiest of some levels; `nothing` of none."""
    return max(levels, key=LEVELS.index, default="nothing")
