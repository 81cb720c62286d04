"""Which workspaces an isolated catalog is for: of this metastore there is one."""

from __future__ import annotations

from typing import Any, Literal

from sandbox.workspace.api.bodies import Body, router
from sandbox.workspace.api.errors import absent, invalid
from sandbox.workspace.catalog.catalogs import bound_to, known_catalog
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.1/unity-catalog/bindings")
Type = Literal["BINDING_TYPE_READ_WRITE", "BINDING_TYPE_READ_ONLY"]


class Binding(Body):
    """A workspace that may use a catalog."""

    workspace_id: int
    binding_type: Type = "BINDING_TYPE_READ_WRITE"


class BindingsUpdate(Body):
    """What PATCH takes."""

    add: list[Binding] | None = None
    remove: list[Binding] | None = None


@routes.get("/{kind}/{name}")
def get_bindings(here: Here, kind: str, name: str) -> dict[str, Any]:
    """Give the workspaces that a catalog is bound to; of one that is open there is none."""
    return {"bindings": bound_to(here, _catalog(here, kind, name))}


@routes.patch("/{kind}/{name}")
def update_bindings(here: Here, kind: str, name: str, body: BindingsUpdate) -> dict[str, Any]:
    """Take workspaces away and add others; what is bound already may be added again."""
    with here.documents.transaction():
        catalog = _catalog(here, kind, name)
        if catalog["isolation_mode"] != "ISOLATED":
            raise invalid(f"Catalog '{catalog['name']}' is open to all workspaces: make it ISOLATED first.")
        bound = {each["workspace_id"]: each for each in bound_to(here, catalog)}
        for each in body.remove or ():
            bound.pop(each.workspace_id, None)
        for each in body.add or ():
            if each.workspace_id != here.workspace_id:
                raise invalid(f"Workspace {each.workspace_id} is not attached to the metastore.")
            bound[each.workspace_id] = {"workspace_id": each.workspace_id, "binding_type": each.binding_type}
        kept = {"object_made_at": catalog["created_at"], "bindings": [*bound.values()]}
        here.documents.put("bindings", catalog["name"], kept)
    return {"bindings": kept["bindings"]}


def _catalog(workspace: Workspace, kind: str, name: str) -> Document:
    if kind != "catalog":
        raise absent("bindings of anything but catalogs")
    return known_catalog(workspace, name)
