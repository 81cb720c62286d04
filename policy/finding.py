"""What a rule found of a resource, with the word that decides: refused, exempt, not told, or only to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["mandatory", "exempt", "unknown", "advisory"]
"""`mandatory` refuses, `exempt` would but for a line of the stack's file, `unknown` cannot be told before the up."""
EXEMPTIONS = "exemptions"
"""The name under which is told what is wrong with a stack's exemptions themselves."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a rule found."""

    policy: str
    """The rule's name, or EXEMPTIONS."""
    level: Level
    resource: str
    """By its name in the program; the stack's file, where that is the trouble."""
    message: str

    @property
    def refuses(self) -> bool:
        """Whether nothing may be changed because of it."""
        return self.level == "mandatory"

    def __str__(self) -> str:
        word = {"mandatory": "refused", "exempt": "exempt", "unknown": "not told", "advisory": "note"}[self.level]
        return f"policy {self.policy}: {word}: {self.resource}: {self.message}"


def refusing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that refuse."""
    return tuple(each for each in findings if each.refuses)
