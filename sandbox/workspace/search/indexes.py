"""Indexes of vector search: made, shown, listed and removed."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request

from sandbox.workspace.api.bodies import PageToken, router
from sandbox.workspace.api.errors import ApiError, absent, exists, invalid
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import FullName, no_catalog, no_schema
from sandbox.workspace.search import index_rows
from sandbox.workspace.search.index_records import KIND, drop_index, find_index, indexes_of
from sandbox.workspace.search.index_spec import IndexCreate, check_spec
from sandbox.workspace.search.search_endpoints import find_endpoint
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace, identifier, stamps

routes = router("/api/2.0/vector-search")
MOST = 50
"""Indexes of an endpoint, as Databricks limits them."""
PAGE = 100
_NAME = re.compile(r"[A-Za-z0-9_]{1,255}")
_SHOWN = ("name", "endpoint_name", "endpoint_id", "primary_key", "index_type", "index_subtype", "creator")
UNSYNCED = "The sandbox does not sync: this index stays empty."


@routes.post("/indexes")
def create_index(here: Here, request: Request, body: IndexCreate) -> Document:
    """Make an index, which is a table of Unity Catalog from then on."""
    if body.endpoint_name is None:
        raise invalid("endpoint_name is required.")
    check_spec(body)
    name = _checked_name(here, body.name)
    with here.documents.transaction():
        endpoint = find_endpoint(here, body.endpoint_name)
        if here.documents.get(KIND, name) is not None:
            raise exists(f"Index {name} already exists.")
        if here.documents.get("table", name) is not None:
            raise exists(f"Table '{name}' already exists.")
        if len(indexes_of(here, body.endpoint_name)) >= MOST:
            message = f"Vector search endpoint {body.endpoint_name} has {MOST} indexes, the most."
            raise ApiError(400, "RESOURCE_LIMIT_EXCEEDED", message)
        index = _new(here, body, name, endpoint)
        here.documents.put(KIND, name, index)
    return _view(here, request, index)


@routes.post("/endpoints/{endpoint}/indexes")
def create_index_of(here: Here, request: Request, endpoint: str, body: IndexCreate) -> Document:
    """Make one, as Databricks' client of vector search asks for it."""
    return create_index(here, request, body.model_copy(update={"endpoint_name": endpoint}))


@routes.get("/indexes")
def list_indexes(here: Here, endpoint_name: str, page_token: PageToken = None) -> dict[str, Any]:
    """List the indexes of an endpoint."""
    find_endpoint(here, endpoint_name)
    part = page(indexes_of(here, endpoint_name), PAGE, page_token)
    shown = [{key: index[key] for key in _SHOWN if key in index} for index in part.items]
    return {"vector_indexes": shown, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/endpoints/{endpoint}/indexes")
def list_indexes_of(here: Here, endpoint: str, page_token: PageToken = None) -> dict[str, Any]:
    """List them, as Databricks' client of vector search asks for it."""
    return list_indexes(here, endpoint, page_token)


@routes.get("/indexes/{name}")
def get_index(here: Here, request: Request, name: str) -> Document:
    """Give an index."""
    return _view(here, request, find_index(here, name))


@routes.get("/endpoints/{endpoint}/indexes/{name}")
def get_index_of(here: Here, request: Request, endpoint: str, name: str) -> Document:
    """Give it, as Databricks' client of vector search asks for it."""
    find_endpoint(here, endpoint)
    return get_index(here, request, name)


@routes.delete("/indexes/{name}")
def delete_index(here: Here, name: str) -> dict[str, Any]:
    """Remove an index with what is in it."""
    with here.documents.transaction():
        drop_index(here, find_index(here, name)["name"])
    return {}


@routes.delete("/endpoints/{endpoint}/indexes/{name}")
def delete_index_of(here: Here, endpoint: str, name: str) -> dict[str, Any]:
    """Remove it, as Databricks' client of vector search asks for it."""
    find_endpoint(here, endpoint)
    return delete_index(here, name)


@routes.post("/indexes/{name}/sync")
def sync_index(here: Here, name: str) -> dict[str, Any]:
    """Say that nothing is synced."""
    if find_index(here, name)["index_type"] != "DELTA_SYNC":
        raise invalid(f"Index {name} is no delta sync index: there is nothing to sync it with.")
    raise absent(f"tables, and does not sync: index {name} stays empty")


def _checked_name(here: Workspace, name: str) -> str:
    full = FullName.parse(name)
    if not _NAME.fullmatch(full.model):
        raise invalid(f"Index name {full.model[:80]!r}: it has letters, digits and _ alone.")
    if here.documents.get("catalog", full.catalog) is None:
        raise no_catalog(full.catalog)
    if here.documents.get("schema", full.schema_name) is None:
        raise no_schema(full.schema_name)
    return str(full).lower()


def _new(here: Workspace, body: IndexCreate, name: str, endpoint: Document) -> Document:
    index = {
        "index_subtype": "HYBRID",
        **body.given(),
        "name": name,
        "id": identifier(),
        "endpoint_id": endpoint["id"],
        "creator": ADMIN,
        "metastore_id": here.metastore_id,
        **stamps(),
    }
    if "delta_sync_index_spec" in index:
        index["delta_sync_index_spec"]["pipeline_id"] = identifier()
    return index


def _view(here: Workspace, request: Request, index: Document) -> Document:
    name = index["name"]
    status: Document = {
        "ready": True,
        "index_url": f"{request.base_url.netloc}/api/2.0/vector-search/indexes/{name}",
        "indexed_row_count": index_rows.count(here.documents, name),
    }
    if index["index_type"] == "DELTA_SYNC":
        status["message"] = UNSYNCED
    specs = {key: index[key] for key in ("direct_access_index_spec", "delta_sync_index_spec") if key in index}
    return {key: index[key] for key in (*_SHOWN, "id") if key in index} | specs | {"status": status}
