"""The one metastore of the workspace, and what the SDKs ask before all else."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from sandbox.workspace.api.bodies import router
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here

routes = router("")


@routes.get("/.well-known/databricks-config")
def describe_host(here: Here, request: Request) -> Document:
    """Say which workspace this is; it needs no token."""
    return {"oidc_endpoint": f"{request.base_url}oidc", "workspace_id": str(here.workspace_id)}


@routes.get("/api/2.1/unity-catalog/current-metastore-assignment")
def get_assignment(here: Here) -> Document:
    """Say which metastore the workspace has."""
    return {
        "metastore_id": here.metastore_id,
        "workspace_id": here.workspace_id,
        "default_catalog_name": "main",
    }


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
