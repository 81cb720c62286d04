"""The one metastore of the workspace, and what the SDKs ask before all else."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from sandbox.workspace.api.bodies import Body, router
from sandbox.workspace.api.errors import ApiError, missing
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace

routes = router("")
_UNASSIGNED = ("metastore assignment", "taken away")
"""The record of a workspace without a metastore: a new one is given its region's, as most are."""


class Assignment(Body):
    """What PUT takes."""

    metastore_id: str
    default_catalog_name: str | None = None


@routes.get("/.well-known/databricks-config")
def describe_host(here: Here, request: Request) -> Document:
    """Say which workspace this is; it needs no token."""
    return {"oidc_endpoint": f"{request.base_url}oidc", "workspace_id": str(here.workspace_id)}


@routes.get("/api/2.1/unity-catalog/current-metastore-assignment")
def get_assignment(here: Here) -> Document:
    """Say which metastore the workspace has."""
    if here.documents.get(*_UNASSIGNED) is not None:
        raise ApiError(404, "METASTORE_DOES_NOT_EXIST", "No metastore assigned for the current workspace.")
    return {
        "metastore_id": here.metastore_id,
        "workspace_id": here.workspace_id,
        "default_catalog_name": "main",
    }


@routes.put("/api/2.1/unity-catalog/workspaces/{workspace_id}/metastore")
def assign(here: Here, workspace_id: int, body: Assignment) -> dict[str, Any]:
    """Give the workspace its metastore: there is one of each here."""
    _confirm(here, workspace_id, body.metastore_id)
    with here.documents.transaction():
        here.documents.delete(*_UNASSIGNED)
    return {}


@routes.delete("/api/2.1/unity-catalog/workspaces/{workspace_id}/metastore")
def unassign(here: Here, workspace_id: int, metastore_id: str) -> dict[str, Any]:
    """Take the metastore away; what is in it stays, and is reached here all the same."""
    _confirm(here, workspace_id, metastore_id)
    with here.documents.transaction():
        here.documents.put(*_UNASSIGNED, {})
    return {}


def _confirm(here: Workspace, workspace_id: int, metastore_id: str) -> None:
    if workspace_id != here.workspace_id:
        raise missing(f"Workspace {workspace_id} does not exist; this one is {here.workspace_id}.")
    if metastore_id != here.metastore_id:
        raise ApiError(404, "METASTORE_DOES_NOT_EXIST", f"Metastore '{metastore_id}' does not exist.")


@routes.get("/api/2.1/unity-catalog/metastore_summary")
def get_summary(here: Here) -> dict[str, Any]:
    """Describe the metastore."""
    return {
        "metastore_id": here.metastore_id,
        "global_metastore_id": f"local:sandbox:{here.metastore_id}",
        "name": "sandbox",
        "cloud": "local",
        "region": "sandbox",
        "owner": ADMIN,
        "privilege_model_version": "1.0",
        "delta_sharing_scope": "INTERNAL",
    }
