"""What a stack's last run left word of: what it owns and what it gave, so that the next one takes no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

OWNED = "owned"
"""The stack's output that lists what it owns."""
GIVEN = "given"
"""The stack's output that says which privileges it gave on catalogs and schemas."""
READ = "pulumi:pulumi:readStackOutputs"
"""The engine's own function that a StackReference is made of; it leaves no resource in the state."""


@dataclass(frozen=True, kw_only=True)
class LastRun:
    """What the stack said after its last whole run; nothing before the first."""

    owned: frozenset[str] = frozenset()
    """What is its own, as `Thing.owned_as` says it."""
    given: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Privileges by principal, by `Thing.label`."""


def read() -> LastRun:
    """Ask the engine for it."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    outputs = (pulumi.runtime.invoke(READ, {"name": name}).value or {}).get("outputs") or {}
    given = {label: {who: tuple(each) for who, each in on.items()} for label, on in (outputs.get(GIVEN) or {}).items()}
    return LastRun(owned=frozenset(outputs.get(OWNED) or ()), given=given)
