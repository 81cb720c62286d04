"""Catalogs of Unity Catalog."""

from __future__ import annotations

from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import check_name, no_catalog, not_empty
from sandbox.workspace.catalog.schemas import add_schema, drop_schema, schemas_of
from sandbox.workspace.identity.grant_records import drop_grants
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace, changed, stamps

routes = router("/api/2.1/unity-catalog/catalogs")
_FOREIGN = ("connection_name", "provider_name", "share_name")


class CatalogCreate(Body):
    """What POST takes."""

    name: str
    comment: str | None = None
    properties: dict[str, str] | None = None
    options: dict[str, str] | None = None
    storage_root: str | None = None
    connection_name: str | None = None
    provider_name: str | None = None
    share_name: str | None = None
    custom_max_retention_hours: int | None = None
    managed_encryption_settings: dict[str, Any] | None = None
    conversion_info: dict[str, Any] | None = None
    dr_replication_info: dict[str, Any] | None = None


class CatalogUpdate(Body):
    """What PATCH takes."""

    name: str | None = None
    new_name: str | None = None
    owner: str | None = None
    comment: str | None = None
    properties: dict[str, str] | None = None
    options: dict[str, str] | None = None
    isolation_mode: Literal["OPEN", "ISOLATED"] | None = None
    enable_predictive_optimization: Literal["DISABLE", "ENABLE", "INHERIT"] | None = None
    custom_max_retention_hours: int | None = None
    managed_encryption_settings: dict[str, Any] | None = None
    conversion_info: dict[str, Any] | None = None
    dr_replication_info: dict[str, Any] | None = None


def find_catalog(workspace: Workspace, name: str) -> Document:
    """Give a catalog; raises ApiError when it does not exist, or is for other workspaces than this one."""
    found = known_catalog(workspace, name)
    if found["isolation_mode"] == "ISOLATED":
        numbers = [each["workspace_id"] for each in bound_to(workspace, found)]
        if workspace.workspace_id not in numbers:
            words = f"Catalog '{found['name']}' is not accessible in current workspace"
            raise ApiError(403, "PERMISSION_DENIED", words)
    return found


def known_catalog(workspace: Workspace, name: str) -> Document:
    """Give a catalog of the metastore, whichever workspaces it is for; raises ApiError when it does not exist."""
    found = workspace.documents.get("catalog", name.lower())
    if found is None:
        raise no_catalog(name)
    return found


def bound_to(workspace: Workspace, catalog: Document) -> list[Document]:
    """The workspaces that a catalog is bound to; of one that is open there is none.

    The workspace that isolates a catalog is bound to it by that; bindings of one that is gone do not count.
    """
    if catalog["isolation_mode"] != "ISOLATED":
        return []
    kept = workspace.documents.get("bindings", catalog["name"])
    if kept is None or kept["object_made_at"] != catalog["created_at"]:
        return [{"workspace_id": workspace.workspace_id, "binding_type": "BINDING_TYPE_READ_WRITE"}]
    return list(kept["bindings"])


@routes.post("")
def create_catalog(here: Here, body: CatalogCreate) -> Document:
    """Make a catalog with its schema `default`."""
    if any(getattr(body, field) for field in _FOREIGN):
        raise absent("foreign or shared catalogs")
    return add_catalog(here, body.given() | {"name": check_name(body.name, "CatalogInfo.name")})


def add_catalog(workspace: Workspace, fields: Document) -> Document:
    """Make a catalog with its schema `default`; raises ApiError when it is there."""
    name = fields["name"]
    catalog = {
        **fields,
        "full_name": name,
        "catalog_type": "MANAGED_CATALOG",
        "securable_type": "CATALOG",
        "isolation_mode": "OPEN",
        "enable_predictive_optimization": "INHERIT",
        "metastore_id": workspace.metastore_id,
        **stamps(),
    }
    with workspace.documents.transaction():
        if workspace.documents.get("catalog", name):
            raise ApiError(400, "CATALOG_ALREADY_EXISTS", f"Catalog '{name}' already exists")
        workspace.documents.put("catalog", name, catalog)
        add_schema(workspace, name, {"name": "default", "comment": "Default schema (auto-created)"})
    return catalog


@routes.get("")
def list_catalogs(here: Here, max_results: MaxResults = 0, page_token: PageToken = None) -> dict[str, Any]:
    """List the catalogs."""
    part = page(list(here.documents.all("catalog").values()), max_results, page_token)
    return {"catalogs": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{name}")
def get_catalog(here: Here, name: str) -> Document:
    """Give a catalog."""
    return find_catalog(here, name)


@routes.patch("/{name}")
def update_catalog(here: Here, name: str, body: CatalogUpdate) -> Document:
    """Change what was sent, leave the rest."""
    if body.new_name is not None and body.new_name.lower() != name.lower():
        raise absent("renaming of catalogs")
    with here.documents.transaction():
        catalog = find_catalog(here, name)
        sent = {key: value for key, value in body.given().items() if key not in {"name", "new_name"}}
        if body.owner is not None:
            sent["owner"] = grantee(here, body.owner)
        catalog |= sent | changed()
        here.documents.put("catalog", catalog["name"], catalog)
    return catalog


@routes.delete("/{name}")
def delete_catalog(here: Here, name: str, force: bool = False) -> dict[str, Any]:
    """Remove a catalog; one that holds a schema only with force, and then with all that it holds."""
    with here.documents.transaction():
        catalog = find_catalog(here, name)["name"]
        schemas = schemas_of(here, catalog)
        if schemas and not force:
            raise not_empty(f"Catalog '{catalog}' is not empty. The catalog has {len(schemas)} schema(s).")
        for schema in schemas:
            drop_schema(here, schema["full_name"], force=True)
        here.documents.delete("catalog", catalog)
        drop_grants(here.documents, "catalog", catalog)
    return {}
