"""What a stack's last run left word of: what it owns, so that the next one deletes nothing that is to be used only."""

from __future__ import annotations

import pulumi

OWNED = "owned"
"""The stack's output that lists it."""
READ = "pulumi:pulumi:readStackOutputs"
"""The engine's own function that a StackReference is made of; it leaves no resource in the state."""


def owned() -> frozenset[str]:
    """What the stack owned after its last whole run, as `Thing.label` says it; nothing before the first."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    outputs = (pulumi.runtime.invoke(READ, {"name": name}).value or {}).get("outputs") or {}
    return frozenset(outputs.get(OWNED) or ())
