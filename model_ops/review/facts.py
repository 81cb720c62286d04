"""What is known of the version that a model goes to; plain data that JSON carries unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from model_ops.checks.report import Check
from model_ops.signatures.change import Change, Level

Readiness = Literal["warm", "cold", "serving", "unknown"]
"""Whether a version is deployed and ready, is to be deployed first, or takes the traffic already."""


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
class SignatureVerdict:
    """Whether clients of the one version may go on with the other."""

    level: Level
    changes: tuple[Change, ...] = ()


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
    checks: tuple[Check, ...] = ()
    signature: SignatureVerdict | None = None
    metrics: tuple[Metric, ...] = ()
    dependencies: tuple[Difference, ...] = ()
    parameters: tuple[Difference, ...] = ()
    resources: tuple[Difference, ...] = ()

    @property
    def failed(self) -> tuple[Check, ...]:
        """Every check that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    @property
    def untold(self) -> tuple[Check, ...]:
        """Every check whose answer is not known."""
        return tuple(check for check in self.checks if check.outcome == "unknown")
