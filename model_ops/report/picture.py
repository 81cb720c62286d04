"""What a report shows: plain data that JSON carries unchanged; all times are in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model_ops.served import Canary


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An update that wanted other pins of a model, and proves nothing: it failed, or left resources out."""

    at: datetime
    wanted: str
    """In words, as in: version 9."""
    result: str


@dataclass(frozen=True, kw_only=True)
class Period:
    """One version that served, with one set of warm versions and one canary, for as long as it did."""

    version: int
    since: datetime
    until: datetime | None
    """None while it serves."""
    lasted: str
    """In words."""
    canary: Canary | None = None
    warm: tuple[int, ...] = ()
    run_id: str | None = None
    commit: str | None = None
    """The commit that pinned it; None where git does not tell."""
    subject: str = ""
    author: str = ""
    approved_by: str = ""
    doubt: str | None = None
    """Why it may not have served after all."""
    attempts: tuple[Attempt, ...] = ()
    """What was tried meanwhile."""


@dataclass(frozen=True, kw_only=True)
class VersionEntry:
    """One registered version, with the metrics of its run."""

    number: int
    status: str
    roles: tuple[str, ...]
    """What the stack pins it as."""
    traffic: int | None
    """Percent of the endpoint's traffic; None where it is not deployed."""
    aliases: tuple[str, ...]
    created: datetime | None
    created_by: str
    run_name: str
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    """None where it is no number."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a version comes from; `broken` says why the trail ends early."""

    version: int
    created: datetime | None
    created_by: str
    run_id: str | None = None
    run_name: str = ""
    experiment: str = ""
    data: tuple[str, ...] = ()
    """What the run took in, in words."""
    commit: str | None = None
    """The commit of the code that trained it."""
    repository: str = ""
    promoted_from: str = ""
    """The stack and the version that it was copied from."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Web pages of the version, the run and the experiment."""
    broken: str | None = None


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric over the versions of a model."""

    name: str
    direction: str
    """`higher` or `lower` is better; empty where its name does not tell."""
    points: tuple[tuple[int, float], ...]
    """Version and value, the oldest version first."""


@dataclass(frozen=True, kw_only=True)
class ModelPicture:
    """One model of one stack."""

    name: str
    full_name: str
    endpoint: str
    in_file: int | None
    """What the stack's file pins."""
    pinned: int | None
    """What the deployed stack pins."""
    warm: tuple[int, ...] = ()
    cold: tuple[int, ...] = ()
    """Versions that are to be kept warm and are not ready."""
    canary: Canary | None = None
    serving: str | None = None
    """What answers, in words; None where the workspace could not be asked."""
    ready: str = ""
    as_pinned: bool | None = None
    """Whether that is what is pinned; None while nothing is, or where nobody could be asked."""
    drift: tuple[str, ...] = ()
    """Where file, deployed pin and endpoint differ."""
    periods: tuple[Period, ...] = ()
    """What served when, the oldest first."""
    versions: tuple[VersionEntry, ...] = ()
    """The latest first."""
    origins: tuple[Origin, ...] = ()
    """Of each version that serves or served, the latest first."""
    metrics: tuple[Metric, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def has_served(self) -> frozenset[int]:
        """Every version that is known to have served."""
        return frozenset(period.version for period in self.periods)


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """One run of the engine that changed a stack, or tried to."""

    number: int | None
    kind: str
    """update, destroy"""
    result: str
    """succeeded, failed, in-progress"""
    started: datetime
    ended: datetime | None
    seconds: float | None
    """How long it took; None while it goes on."""
    took: str
    """The same in words."""
    pins: tuple[str, ...]
    """What it pinned otherwise than the one before, a model each, in words."""
    changes: str
    """What it did to resources, in words."""
    message: str = ""
    commit: str | None = None


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """One thing that is not as the stack deployed it."""

    model: str
    """The entry that it belongs to; empty for what several share."""
    what: str
    deployed: str
    found: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StackPicture:
    """One stack; `problem` says why it, or its workspace, could not be asked."""

    name: str
    workspace: str | None = None
    """The workspace's address."""
    problem: str | None = None
    models: tuple[ModelPicture, ...] = ()
    rollouts: tuple[Rollout, ...] = ()
    """The latest first."""
    by_hand: tuple[ByHand, ...] | None = None
    """What was changed by hand since it was deployed; None where that could not be looked at."""
    remarks: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether stack and workspace both answered."""
        return self.problem is None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that a report shows; the same picture makes the same page."""

    made: datetime
    since: datetime
    """Before that neither timeline nor rollouts go."""
    stacks: tuple[StackPicture, ...]
    between: tuple[str, ...] = ()
    """Where two stacks pin different versions of a model."""
