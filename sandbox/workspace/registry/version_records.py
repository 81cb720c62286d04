"""What Unity Catalog knows of a model version beyond MLflow: from which workspace its run is, and of which model."""

from __future__ import annotations

import re

from sandbox.workspace.api.errors import invalid, missing
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.registry.model_records import check_schema, find_model
from sandbox.workspace.registry.version_files import RECORDS, sweep
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.registered_models import Version
from sandbox.workspace.stores.workspace import Workspace

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_LOGGED_MODEL = re.compile(r"models:/(m-[0-9a-f]+)")


def find_version(workspace: Workspace, full_name: str, number: int) -> Version:
    """Give a version; raises ApiError when it, its model, schema or catalog does not exist."""
    name = FullName.parse(full_name)
    check_schema(workspace, name)
    # Each file of a version asks this: its model, which takes as long again to read, only where there is no version.
    found = workspace.registry.version(str(name), number)
    if found is None:
        model = find_model(workspace, full_name)
        raise missing(f"Model Version '{number}' of model '{model.name}' does not exist.")
    return found


def check_whole(workspace: Workspace, version: Version, deed: str) -> None:
    """Raise ApiError unless the version is READY, and with it each that has its files in the same storage."""
    for found in [version, *(workspace.registry.sharing(version.storage) if version.storage else ())]:
        if found.status != "READY":
            raise invalid(f"Model version {found.label} cannot {deed}: it is {found.status}, only READY versions can.")


def drop_version(workspace: Workspace, version: Version) -> None:
    """Remove a version and its own files."""
    workspace.registry.delete_version(version.model, version.version)
    sweep(workspace)


def number_of(text: str) -> int:
    """Read a version's number; raises ApiError for any other text."""
    if not _NUMBER.fullmatch(text):
        raise invalid(f"version: a model version is a whole number such as '7', found {text[:80]!r}.")
    return int(text)


def record(workspace: Workspace, version: Version) -> Document:
    """Give `run_workspace_id` and `model_id` of a version, where they are known."""
    # By storage, which is drawn anew for each version: no record outlives its version under the same name.
    kept = workspace.documents.get(RECORDS, version.storage) if version.storage else None
    if kept is not None:
        return kept
    logged = _LOGGED_MODEL.fullmatch(version.source)
    found: Document = {"model_id": logged[1]} if logged else {}
    return found | ({"run_workspace_id": workspace.workspace_id} if version.run_id else {})
