"""What the checks of a version found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from model_ops import printable

Outcome = Literal["passed", "failed", "unknown", "accepted"]
"""`unknown`: it could not be told, which refuses nothing, unless it was asked for and could be told if what `mend` says
were typed; `accepted`: it speaks against the version, and somebody goes on anyway."""
ACCEPTABLE = ("compatible", "loads", "environment", "access", "secrets", "resources")
"""The checks that may be accepted although they failed or were not made: somebody may know more. Without the others
nothing serves at all."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: what was found and, where that speaks against the version, what to type next."""

    name: str
    outcome: Outcome
    found: str
    mend: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, and what mends it: a line each, whatever a model's own error message holds."""
        mend = [f"mend: {self.mend}"] if self.mend else []
        return tuple(map(printable.line, [self.found, *mend]))


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """All checks of one version, in the order in which they were made."""

    stack: str
    model: str
    number: int
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """True when no check failed, and none that was asked for was left out."""
        return not self.failed and not self.unmade

    @property
    def failed(self) -> tuple[Check, ...]:
        """Every check that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    @property
    def unmade(self) -> tuple[Check, ...]:
        """Every check that was asked for and could not be made here, for want of what `mend` says."""
        return tuple(check for check in self.checks if check.outcome == "unknown" and check.mend)

    @property
    def against(self) -> str:
        """Name in a sentence or two what speaks against the version; empty where nothing does."""
        said = (("It failed", self.failed), ("Not made", self.unmade))
        return " ".join(f"{word}: {', '.join(each.name for each in checks)}." for word, checks in said if checks)

    def accepting(self, names: Collection[str]) -> CheckReport:
        """Give the report with these checks accepted where they speak against it; only `ACCEPTABLE` ones can be."""
        accepted = set(names) & set(ACCEPTABLE)
        against = self.failed + self.unmade
        checks = [
            replace(check, outcome="accepted") if check in against and check.name in accepted else check
            for check in self.checks
        ]
        return replace(self, checks=tuple(checks))

    def __str__(self) -> str:
        """Name every check that speaks against the version, with what mends it."""
        head = f"Version {self.number} of {self.model} may not be served in stack {self.stack}:"
        lines = [
            f"  - {check.name}: {printable.line(check.found)}\n    mend: {printable.line(check.mend or '')}"
            for check in self.failed + self.unmade
        ]
        return "\n".join([head, *lines])


def passed(name: str, found: str) -> Check:
    """Say that a check passed."""
    return Check(name=name, outcome="passed", found=found)


def failed(name: str, found: str, mend: str) -> Check:
    """Say that a check failed, and what to type next."""
    return Check(name=name, outcome="failed", found=found, mend=mend)


def unknown(name: str, found: str) -> Check:
    """Say that something could not be told."""
    return Check(name=name, outcome="unknown", found=found)


def unmade(name: str, found: str, mend: str) -> Check:
    """Say that a check could not be made here, and what to type so that it can."""
    return Check(name=name, outcome="unknown", found=found, mend=mend)
