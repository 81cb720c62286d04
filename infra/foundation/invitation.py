"""What the files of other stacks say, that are to live in a stack's workspace: two plain lines, and no reference."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra.foundation.workspace import Workspace
from infra.settings import printable


def adoption(workspace: Workspace) -> pulumi.Output[Mapping[str, str]] | None:
    """The settings below `rollpin:platform.adopt` that lead there; None where Azure does not know the workspace."""
    if workspace.resource_id is None:
        return None
    return pulumi.Output.all(host=workspace.url, resourceId=workspace.resource_id)


def tell(workspace: Workspace) -> None:
    """Say them, once they are known."""
    if found := adoption(workspace):
        found.apply(lambda adopt: pulumi.log.info(words(adopt)))


def words(adopt: Mapping[str, str]) -> str:
    """The lines as they stand in a file."""
    lines = "".join(f"\n      {key}: {printable.line(value)}" for key, value in adopt.items())
    return f"The file of a stack that serves from this workspace says:\n  rollpin:platform:\n    adopt:{lines}"
