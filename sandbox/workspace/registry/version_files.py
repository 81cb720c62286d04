"""Directories of versions whose files the registry keeps itself: one a version, below one that nothing else is in."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path
from urllib.parse import unquote

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.registry.artifact_addresses import MLFLOW
from sandbox.workspace.stores.workspace import Workspace

RESERVED = "unity-catalog"
"""The directory of the artifact store that holds them; MLflow names its own by numbers."""
PREFIX = f"{MLFLOW}{RESERVED}/"
_MODEL = "model"
RECORDS = "model_version"
"""The kind of the documents, by storage, of what MLflow's store has no place for."""


def address(storage: str) -> str:
    """Give the address of a storage, as MLflow's store keeps it."""
    # Of three levels, as the addresses of a run's artifacts are: the client reads it like one.
    return f"{PREFIX}{storage}/{_MODEL}"


def storage_of(uri: str) -> str:
    """Name the storage that an address is of; empty for one that is elsewhere in the artifact store."""
    return uri.removeprefix(PREFIX).removesuffix(f"/{_MODEL}") if uri.startswith(PREFIX) else ""


def is_reserved(path: str) -> bool:
    """Say whether a path of the artifact store, however it is encoded, leads to versions' files or holds them."""
    while (decoded := unquote(path)) != path:
        path = decoded
    first = posixpath.normpath(path.replace("\\", "/")).lstrip("/").partition("/")[0]
    # The names of directories ignore case on some systems.
    return first in {"", "."} or first.casefold() == RESERVED


def check_unreserved(path: str) -> None:
    """Raise ApiError for a change below the reserved directory that does not come through the registry."""
    if is_reserved(path):
        message = f"{RESERVED}/ holds the files of registered versions, which only their registration writes."
        raise ApiError(403, "PERMISSION_DENIED", message)


def sweep(workspace: Workspace) -> None:
    """Remove the files of versions that are gone, but not those that an endpoint still serves."""
    root = workspace.home.artifacts / RESERVED
    found = {path.name for path in root.iterdir()} if root.is_dir() else set()
    # After the listing: a directory that is new since then belongs to a version that is new.
    with workspace.documents.transaction():
        kept = workspace.registry.storages()
        for storage in workspace.documents.all(RECORDS).keys() - kept:
            workspace.documents.delete(RECORDS, storage)
    for storage in found - kept - (_served(workspace) if found - kept else set()):
        shutil.rmtree(root / storage, ignore_errors=True)


def _served(workspace: Workspace) -> set[str]:
    return {
        Path(entity["model_dir"]).parent.name
        for deployment in workspace.deployments.all().values()
        for side in ("config", "pending_config")
        for entity in (deployment.get(side) or {}).get("served_entities", [])
        if "model_dir" in entity
    }
