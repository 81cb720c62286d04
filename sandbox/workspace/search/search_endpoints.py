"""Endpoints of vector search: they are online at once, and all that they do here is to have indexes."""

from __future__ import annotations

import re
from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, PageToken, router
from sandbox.workspace.api.errors import ApiError, exists, invalid, missing
from sandbox.workspace.api.paging import page
from sandbox.workspace.identity.permission_records import drop_permissions
from sandbox.workspace.search.index_records import indexes_of
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace, identifier, now

routes = router("/api/2.0/vector-search/endpoints")
KIND = "search_endpoint"
OBJECT_TYPE = "vector-search-endpoints"
MOST = 100
"""Endpoints of a workspace, as Databricks limits them."""
PAGE = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}")


class EndpointCreate(Body):
    """What POST takes."""

    name: str
    endpoint_type: Literal["STANDARD", "STORAGE_OPTIMIZED"]
    budget_policy_id: str | None = None
    usage_policy_id: str | None = None
    target_qps: int | None = None


def find_endpoint(workspace: Workspace, name: str) -> Document:
    """Give an endpoint; raises ApiError when it does not exist."""
    found = workspace.documents.get(KIND, name)
    if found is None:
        raise missing(f"Vector search endpoint {name} does not exist.")
    return found


@routes.post("")
def create_endpoint(here: Here, body: EndpointCreate) -> Document:
    """Make an endpoint."""
    if not _NAME.fullmatch(body.name):
        raise invalid(f"name: letters, digits, - and _, the first a letter or digit; found {body.name[:80]!r}.")
    at = now()
    endpoint = {
        **body.given(),
        "id": identifier(),
        "creator": ADMIN,
        "creation_timestamp": at,
        "last_updated_timestamp": at,
        "last_updated_user": ADMIN,
    }
    with here.documents.transaction():
        held = here.documents.all(KIND)
        if body.name in held:
            raise exists(f"Vector search endpoint {body.name} already exists.")
        if len(held) >= MOST:
            raise ApiError(
                400, "RESOURCE_LIMIT_EXCEEDED", f"This workspace has {MOST} vector search endpoints, the most."
            )
        here.documents.put(KIND, body.name, endpoint)
    return _view(here, endpoint)


@routes.get("")
def list_endpoints(here: Here, page_token: PageToken = None) -> dict[str, Any]:
    """List the endpoints."""
    part = page([_view(here, found) for found in here.documents.all(KIND).values()], PAGE, page_token)
    return {"endpoints": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{name}")
def get_endpoint(here: Here, name: str) -> Document:
    """Give an endpoint."""
    return _view(here, find_endpoint(here, name))


@routes.delete("/{name}")
def delete_endpoint(here: Here, name: str) -> dict[str, Any]:
    """Remove an endpoint that has no index any more."""
    with here.documents.transaction():
        endpoint = find_endpoint(here, name)
        if held := indexes_of(here, name):
            names = ", ".join(index["name"] for index in held)
            raise ApiError(
                400, "INVALID_STATE", f"Vector search endpoint {name} has indexes: {names}. Delete them first."
            )
        here.documents.delete(KIND, name)
        drop_permissions(here.documents, OBJECT_TYPE, endpoint["id"])
    return {}


def _view(here: Workspace, endpoint: Document) -> Document:
    indexes = len(indexes_of(here, endpoint["name"]))
    return endpoint | {"endpoint_status": {"state": "ONLINE"}, "num_indexes": indexes}
