"""What a review says: of the change, of each stack, of each model in it; plain data that JSON carries unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
Readiness = Literal["warm", "cold", "serving", "unknown"]
"""Whether a version is deployed and ready, is to be deployed first, or takes the traffic already."""
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
class VersionFacts:
    """What the workspace knows of one version; times are in UTC."""

    number: int
    url: str = ""
    status: str = ""
    created: datetime | None = None
    created_by: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    run_id: str | None = None
    run_name: str = ""
    run_url: str = ""
    experiment_url: str = ""
    commit: str | None = None
    size: int | None = None
    """In bytes; None where its files could not be listed."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """One time that a version served; times are in UTC."""

    version: int
    since: datetime
    until: datetime | None
    """None while it serves."""
    lasted: str
    """In words."""
    proven: bool
    """False where the engine's record leaves it in doubt."""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of a version: `unknown` refuses nothing."""

    name: str
    outcome: Literal["passed", "failed", "unknown", "accepted"]
    found: str
    mend: str | None = None


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field of the signature that differs."""

    side: str
    path: str
    kind: str
    old: str | None
    new: str | None
    level: str


@dataclass(frozen=True, kw_only=True)
class SignatureVerdict:
    """Whether clients of the one version may go on with the other."""

    level: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of the two versions' runs; None where one does not have it, or it is no number."""

    name: str
    before: float | None
    after: float | None
    verdict: str
    """better, worse, same, changed, only in the first, only in the second"""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A dependency, a parameter or a resource that differs; None where one version does not have it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the workspace and the engine's record say of the version that a model goes to."""

    to: VersionFacts
    was: VersionFacts | None = None
    """The version that it comes from."""
    readiness: Readiness = "unknown"
    past: tuple[Service, ...] | None = None
    """When `to` served before, the latest last; None where the engine's record could not be read."""
    checks: tuple[CheckResult, ...] = ()
    signature: SignatureVerdict | None = None
    metrics: tuple[Metric, ...] = ()
    dependencies: tuple[Difference, ...] = ()
    parameters: tuple[Difference, ...] = ()
    resources: tuple[Difference, ...] = ()

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """Every check that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    @property
    def untold(self) -> tuple[CheckResult, ...]:
        """Every check whose answer is not known."""
        return tuple(check for check in self.checks if check.outcome == "unknown")


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
    """advisory, mandatory"""
    message: str
    resource: str = ""


@dataclass(frozen=True, kw_only=True)
class Infrastructure:
    """What the engine's preview would change in the cloud, components left out: they exist in the engine alone."""

    changes: tuple[InfrastructureChange, ...] = ()
    same: int = 0
    policies: tuple[PolicyFinding, ...] = ()
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
