"""Grants on catalogs, schemas and registered models."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import absent
from sandbox.workspace.catalog.catalogs import find_catalog
from sandbox.workspace.catalog.schemas import find_schema
from sandbox.workspace.identity.grant_records import PRIVILEGES, assign, assignments, normalise, view
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.registry.model_records import find_model
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.1/unity-catalog/permissions")


class Change(Body):
    """Privileges to add to one principal, and to remove from it."""

    principal: str
    add: list[str] | None = None
    remove: list[str] | None = None


class Changes(Body):
    """What PATCH takes."""

    changes: list[Change] | None = None


@routes.get("/{securable_type}/{full_name}")
def get_grants(
    here: Here,
    securable_type: str,
    full_name: str,
    principal: str | None = None,
    max_results: MaxResults = 0,  # noqa: ARG001 -- clients send it; all assignments fit one page
    page_token: PageToken = None,  # noqa: ARG001 -- likewise
) -> Document:
    """Show who holds what."""
    kind, name, made_at = find_securable(here, securable_type, full_name)
    held = assignments(here.documents, kind, name, made_at)
    return view({who: what for who, what in held.items() if principal is None or who == principal})


@routes.patch("/{securable_type}/{full_name}")
def update_grants(here: Here, securable_type: str, full_name: str, body: Changes) -> Document:
    """Add and remove privileges: all that was asked for, or nothing."""
    with here.documents.transaction():
        kind, name, made_at = find_securable(here, securable_type, full_name)
        held: dict[str, set[str]] = {
            who: set(what) for who, what in assignments(here.documents, kind, name, made_at).items()
        }
        for change in body.changes or []:
            # What is held can always be taken away, also from a principal that is gone.
            who = change.principal if change.principal in held else grantee(here, change.principal)
            added = normalise(change.add or [], kind, name)
            held[who] = (held.get(who, set()) | added) - normalise(change.remove or [], kind, name)
        assign(here.documents, kind, name, made_at, held)
        return view({who: sorted(what) for who, what in sorted(held.items()) if what})


def find_securable(here: Workspace, securable_type: str, full_name: str) -> tuple[str, str, int]:
    """Give an object by its type, its name as it is kept and when it was made; raises ApiError where there is none."""
    kind = securable_type.lower()
    if kind not in PRIVILEGES:
        raise absent(f"grants on securables of type {securable_type}; it has {', '.join(PRIVILEGES)}")
    if kind == "function":
        model = find_model(here, full_name)
        return kind, model.name, model.created_at
    found: dict[str, Any] = find_catalog(here, full_name) if kind == "catalog" else find_schema(here, full_name)
    return kind, found["full_name"], found["created_at"]
