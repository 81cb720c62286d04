"""A catalog of the metastore that is for other workspaces alone: its name is taken, and nothing of it can be seen."""

from __future__ import annotations

from infra.proof.thing import Thing
from infra.settings.mistake import told

SAID = "is not accessible in current workspace"
"""What Unity Catalog says of it, whatever is asked."""
BINDING = '{"add": [{"workspace_id": <number of this one>, "binding_type": "BINDING_TYPE_READ_WRITE"}]}'


def is_told(error: Exception) -> bool:
    """Whether that is why the workspace says nothing about a thing."""
    return SAID in str(error)


def refusal(thing: Thing) -> str:
    """Say it of a thing that a stack asks for, and what to type."""
    catalog = thing.name.partition(".")[0]
    return told(
        f"  {thing.setting}",
        f"{thing.label}, which is there, and is bound to other workspaces than this one",
        "a catalog that this workspace may use, or a name that the metastore does not have: its workspaces share them",
        "write another name in the stack's file",
        f"or have its owner bind it to this workspace: databricks workspace-bindings update-bindings catalog {catalog} "
        f"--json '{BINDING}'",
        f"then, {thing.otherwise}",
    )
