"""What the checks of a version found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

Outcome = Literal["passed", "failed", "unknown", "accepted"]
"""`unknown`: it could not be told, which alone refuses nothing; `accepted`: it failed, and somebody goes on anyway."""
ACCEPTABLE = ("compatible", "loads", "environment", "access")
"""The checks that may be accepted as failed: somebody may know more. Without the others nothing serves at all."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: what was found and, where it failed, what to type next."""

    name: str
    outcome: Outcome
    found: str
    mend: str | None = None


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """All checks of one version, in the order in which they were made."""

    stack: str
    model: str
    number: int
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """True when no check failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[Check, ...]:
        """Every check that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    def accepting(self, names: Collection[str]) -> CheckReport:
        """Give the report with the failed checks of these names accepted; only those of `ACCEPTABLE` can be."""
        accepted = set(names) & set(ACCEPTABLE)
        checks = [
            replace(check, outcome="accepted") if check.outcome == "failed" and check.name in accepted else check
            for check in self.checks
        ]
        return replace(self, checks=tuple(checks))

    def __str__(self) -> str:
        """Name every failed check with what mends it."""
        head = f"Version {self.number} of {self.model} may not be served in stack {self.stack}:"
        lines = [f"  - {check.name}: {check.found}\n    mend: {check.mend}" for check in self.failed]
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
