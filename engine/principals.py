"""Who a stack's access lists name, and how they come to be known in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from engine.project_copy import STACK, stack_file
from infra.access import access_lists, named_principals
from infra.settings.load import load
from model_ops.errors import WorkspaceError
from model_ops.workspace import Workspace
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

SCIM = "/api/2.0/preview/scim/v2"
KINDS = {
    "group_name": ("Groups", ("displayName",)),
    "user_name": ("Users", ("userName",)),
    "service_principal_name": ("ServicePrincipals", ("applicationId", "displayName")),
}
"""Where each kind of principal is, and the fields that take its name; by the first an access list names it."""
PAGE = 100
"""Principals that are asked for at once."""


def named(directory: Path, stack: str = STACK) -> AbstractSet[str]:
    """Every principal that the stack's file names, as an owner too; raises SettingsError."""
    return named_principals.named(load(stack_file(directory, stack), stack)).keys()


def introduce(home: Home, names: AbstractSet[str], stack: str = STACK) -> None:
    """Create those who are not known yet: on Azure they come from Entra, here from nowhere; raises SandboxError."""
    workspace = Workspace(home.url, home.token)
    try:
        known = {str(each.get(fields[0])) for path, fields in KINDS.values() for each in _all(workspace, path)}
        for name in sorted(names - known):
            path, fields = KINDS[access_lists.kind(name)]
            workspace.send("POST", f"{SCIM}/{path}", dict.fromkeys(fields, name))
    except (WorkspaceError, OSError) as error:
        raise SandboxError(f"The sandbox does not take the principals of Pulumi.{stack}.yaml: {error}") from None


def _all(workspace: Workspace, path: str) -> Iterator[Mapping[str, Any]]:
    start = 1
    while found := workspace.ask(f"{SCIM}/{path}", {"startIndex": start, "count": PAGE}).get("Resources"):
        yield from found
        start += len(found)
