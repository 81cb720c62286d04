"""Schemas of Unity Catalog."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent, invalid
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import check_name, no_catalog, no_schema, not_empty
from sandbox.workspace.catalog.volume_records import drop_volume, volumes_in
from sandbox.workspace.identity.grant_records import drop_grants
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.registry.model_records import drop_model, models_of
from sandbox.workspace.search.index_records import drop_index, indexes_in
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace, changed, identifier, stamps
from sandbox.workspace.tables.table_records import drop_table, tables_of

routes = router("/api/2.1/unity-catalog/schemas")


class SchemaCreate(Body):
    """What POST takes."""

    name: str
    catalog_name: str
    comment: str | None = None
    properties: dict[str, str] | None = None
    storage_root: str | None = None
    custom_max_retention_hours: int | None = None


class SchemaUpdate(Body):
    """What PATCH takes."""

    full_name: str | None = None
    new_name: str | None = None
    owner: str | None = None
    comment: str | None = None
    properties: dict[str, str] | None = None
    enable_predictive_optimization: Literal["DISABLE", "ENABLE", "INHERIT"] | None = None
    custom_max_retention_hours: int | None = None


def find_schema(workspace: Workspace, full_name: str) -> Document:
    """Give a schema; raises ApiError when it, or its catalog, does not exist."""
    catalog, dot, name = full_name.lower().partition(".")
    if not (catalog and dot and name) or "." in name:
        raise invalid(f"Invalid schema name '{full_name}'. A schema is named catalog.schema.")
    if workspace.documents.get("catalog", catalog) is None:
        raise no_catalog(catalog)
    found = workspace.documents.get("schema", f"{catalog}.{name}")
    if found is None:
        raise no_schema(full_name)
    return found


def schemas_of(workspace: Workspace, catalog: str) -> list[Document]:
    """Give the schemas of a catalog."""
    return [found for found in workspace.documents.all("schema").values() if found["catalog_name"] == catalog]


def add_schema(workspace: Workspace, catalog: str, fields: Document) -> Document:
    """Make a schema in a catalog that exists; raises ApiError when it is there."""
    full_name = f"{catalog}.{fields['name']}"
    if workspace.documents.get("schema", full_name):
        raise ApiError(400, "SCHEMA_ALREADY_EXISTS", f"Schema '{full_name}' already exists")
    schema = {
        **fields,
        "catalog_name": catalog,
        "full_name": full_name,
        "schema_id": identifier(),
        "catalog_type": "MANAGED_CATALOG",
        "enable_predictive_optimization": "INHERIT",
        "metastore_id": workspace.metastore_id,
        **stamps(),
    }
    workspace.documents.put("schema", full_name, schema)
    return schema


def drop_schema(workspace: Workspace, full_name: str, *, force: bool) -> None:
    """Remove a schema, with force also what it holds; raises ApiError when it holds something."""
    models, volumes = models_of(workspace, full_name), volumes_in(workspace, full_name)
    tables, indexes = tables_of(workspace, full_name), indexes_in(workspace, full_name)
    if (models or volumes or tables or indexes) and not force:
        counts = f"{len(tables) + len(indexes)} tables(s), {len(models)} functions(s), {len(volumes)} volumes(s)"
        raise not_empty(f"Schema '{full_name}' is not empty. The schema has {counts}.")
    for model in models:
        drop_model(workspace, model.name)
    for table in tables:
        drop_table(workspace, table["full_name"])
    for index in indexes:
        drop_index(workspace, index["name"])
    for volume in volumes:
        drop_volume(workspace, volume["full_name"])
    workspace.documents.delete("schema", full_name)
    drop_grants(workspace.documents, "schema", full_name)


@routes.post("")
def create_schema(here: Here, body: SchemaCreate) -> Document:
    """Make a schema."""
    fields = body.given() | {"name": check_name(body.name, "SchemaInfo.name")}
    catalog = body.catalog_name.lower()
    with here.documents.transaction():
        if here.documents.get("catalog", catalog) is None:
            raise no_catalog(catalog)
        return add_schema(here, catalog, fields)


@routes.get("")
def list_schemas(
    here: Here,
    catalog_name: Annotated[str, Query()],
    max_results: MaxResults = 0,
    page_token: PageToken = None,
) -> dict[str, Any]:
    """List the schemas of a catalog."""
    if here.documents.get("catalog", catalog_name.lower()) is None:
        raise no_catalog(catalog_name)
    part = page(schemas_of(here, catalog_name.lower()), max_results, page_token)
    return {"schemas": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{full_name}")
def get_schema(here: Here, full_name: str) -> Document:
    """Give a schema."""
    return find_schema(here, full_name)


@routes.patch("/{full_name}")
def update_schema(here: Here, full_name: str, body: SchemaUpdate) -> Document:
    """Change what was sent, leave the rest."""
    with here.documents.transaction():
        schema = find_schema(here, full_name)
        if body.new_name is not None and body.new_name.lower() != schema["name"]:
            raise absent("renaming of schemas")
        sent = {key: value for key, value in body.given().items() if key not in {"full_name", "new_name"}}
        if body.owner is not None:
            sent["owner"] = grantee(here, body.owner)
        schema |= sent | changed()
        here.documents.put("schema", schema["full_name"], schema)
    return schema


@routes.delete("/{full_name}")
def delete_schema(here: Here, full_name: str, force: bool = False) -> dict[str, Any]:
    """Remove a schema; one that holds something only with force, and then with all that it holds."""
    with here.documents.transaction():
        drop_schema(here, find_schema(here, full_name)["full_name"], force=force)
    return {}
