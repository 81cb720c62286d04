"""A rule: one function, which looks at one kind of thing, and whose docstring is the sentence that people read."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from policy.circumstances import Circumstances
from policy.resource import Findings, Removal, Resource

OnResource = Callable[[Resource, Circumstances], Findings]
OnRemoval = Callable[[Removal, Circumstances], Findings]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What no stack may do."""

    look: Callable[[Any, Circumstances], Findings]
    kinds: frozenset[str]
    """The types of resources that it is about; empty: all of them."""
    of_removals: bool = False
    """Whether it looks at what a preview takes away, instead of at what the program wants."""

    @property
    def name(self) -> str:
        """How people call it, as in `production-never-sleeps`."""
        return self.look.__name__.replace("_", "-")

    @property
    def sentence(self) -> str:
        """Why it is there, and what to type."""
        return " ".join(inspect.cleandoc(self.look.__doc__ or "").split())

    def about(self, kind: str) -> bool:
        """Whether it is about a type of resources."""
        return not self.kinds or kind in self.kinds


def on(*kinds: str) -> Callable[[OnResource], Rule]:
    """Make a rule of a function that looks at resources of some types, or of all."""

    def rule(look: OnResource) -> Rule:
        return Rule(look=look, kinds=frozenset(kinds))

    return rule


def on_removal(*kinds: str) -> Callable[[OnRemoval], Rule]:
    """Make a rule of a function that looks at what a preview deletes or replaces."""

    def rule(look: OnRemoval) -> Rule:
        return Rule(look=look, kinds=frozenset(kinds), of_removals=True)

    return rule
