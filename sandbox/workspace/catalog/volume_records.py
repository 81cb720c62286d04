"""Volumes as the workspace keeps them."""

from __future__ import annotations

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.identity.grant_records import drop_grants
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Workspace

KIND = "volume"


def find_volume(workspace: Workspace, full_name: str) -> Document:
    """Give a volume; raises ApiError when it does not exist."""
    found = workspace.documents.get(KIND, full_name.lower())
    if found is None:
        raise ApiError(404, "VOLUME_DOES_NOT_EXIST", f"Volume '{full_name}' does not exist.")
    return found


def volumes_in(workspace: Workspace, schema: str) -> list[Document]:
    """Give the volumes of a schema."""
    prefix = f"{schema}."
    return [found for name, found in workspace.documents.all(KIND).items() if name.startswith(prefix)]


def drop_volume(workspace: Workspace, full_name: str) -> None:
    """Remove a volume and its grants."""
    workspace.documents.delete(KIND, full_name)
    drop_grants(workspace.documents, "volume", full_name)
