"""Versions of registered models."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import missing
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.registry.model_records import find_model
from sandbox.workspace.registry.version_records import drop_version, find_version, record
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.registered_models import Version
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace

routes = router("/api/2.1/unity-catalog/models/{full_name}")
_DEFAULT_PAGE, _LARGEST_PAGE = 1000, 1000
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class VersionUpdate(Body):
    """What PATCH takes; all but the comment is read-only and ignored, as by Databricks."""

    comment: str | None = None
    aliases: list[dict[str, Any]] | None = None
    catalog_name: str | None = None
    schema_name: str | None = None
    model_name: str | None = None
    full_name: str | None = None
    version: int | None = None
    id: str | None = None
    metastore_id: str | None = None
    model_version_dependencies: dict[str, Any] | None = None
    run_id: str | None = None
    run_workspace_id: int | None = None
    source: str | None = None
    status: str | None = None
    storage_location: str | None = None
    created_at: int | None = None
    created_by: str | None = None
    updated_at: int | None = None
    updated_by: str | None = None


def view(workspace: Workspace, version: Version, *, with_aliases: bool = False) -> Document:
    """Show a version as the API does."""
    name = FullName.parse(version.model)
    shown: Document = {
        "catalog_name": name.catalog,
        "schema_name": name.schema,
        "model_name": name.model,
        "version": version.version,
        "status": version.status,
        "source": version.source,
        "comment": version.comment,
        "metastore_id": workspace.metastore_id,
        "created_at": version.created_at,
        "created_by": ADMIN,
        "updated_at": version.updated_at,
        "updated_by": ADMIN,
        "id": f"{name}/{version.version}",
    }
    if version.run_id:
        shown["run_id"] = version.run_id
    shown |= record(workspace, version)
    if with_aliases:
        shown["aliases"] = [{"alias_name": alias, "version_num": version.version} for alias in version.aliases]
    return shown


@routes.get("/versions")
def list_versions(
    here: Here, full_name: str, max_results: MaxResults = 0, page_token: PageToken = None
) -> dict[str, Any]:
    """List the versions of a model, the latest first."""
    limit = min(max_results or _DEFAULT_PAGE, _LARGEST_PAGE)
    part = here.registry.versions(find_model(here, full_name).name, limit, page_token)
    token = {"next_page_token": part.token} if part.token else {}
    return {"model_versions": [view(here, version) for version in part.items], **token}


@routes.get("/versions/{version}")
def get_version(here: Here, full_name: str, version: Number, include_aliases: bool = False) -> Document:
    """Give a version."""
    return view(here, find_version(here, full_name, version), with_aliases=include_aliases)


@routes.get("/aliases/{alias}")
def get_version_by_alias(here: Here, full_name: str, alias: str, include_aliases: bool = False) -> Document:
    """Give the version that an alias points at."""
    model = find_model(here, full_name)
    number = model.aliased(alias)
    if number is None:
        raise missing(f"Alias '{alias}' does not exist on model '{model.name}'.")
    return view(here, find_version(here, full_name, number), with_aliases=include_aliases)


@routes.patch("/versions/{version}")
def update_version(here: Here, full_name: str, version: Number, body: VersionUpdate) -> Document:
    """Change the comment."""
    found = find_version(here, full_name, version)
    if body.comment is not None:
        here.registry.describe_version(found.model, version, body.comment)
    return view(here, find_version(here, full_name, version))


@routes.delete("/versions/{version}")
def delete_version(here: Here, full_name: str, version: Number) -> dict[str, Any]:
    """Remove a version and its own files."""
    drop_version(here, find_version(here, full_name, version))
    return {}
