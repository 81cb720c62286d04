"""What a rule must know besides the resource: which stack it is of, and what that stack's file says of its policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """One rule that a stack need not follow; without `resources` for all of the stack."""

    until: date
    """The last day on which it holds."""
    because: str
    resources: tuple[str, ...] = ()

    def covers(self, resource: str) -> bool:
        """Whether it is for a resource, by its name in the program."""
        return not self.resources or resource in self.resources


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """A stack, on a day."""

    stack: str
    today: date
    production: bool = False
    protected: bool = True
    """Whether the stack keeps what holds data or identity."""
    required_tags: tuple[str, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """The catalogs that other environments' stacks have their models in, each with such a stack."""
    replaceable: frozenset[str] = frozenset()
    """The endpoints that the stack's file lets be replaced, by their names."""
    owners: frozenset[str] = frozenset()
    """Whom the stack's file names as the owner of a model; one that was taken over may have another."""
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)
    """By the rule's name."""

    @property
    def file(self) -> str:
        """The stack's file, which a message names."""
        return f"Pulumi.{self.stack}.yaml"
