"""What everybody may do with an object of Unity Catalog: privileges on it, and those that it inherits from above."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.access.grants import Assignments, find_securable
from sandbox.workspace.api.bodies import PageToken, router
from sandbox.workspace.identity.grant_records import PRIVILEGES, assignments
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.1/unity-catalog")


@routes.get("/effective-permissions/{securable_type}/{full_name}")
def get_effective_grants(
    here: Here,
    securable_type: str,
    full_name: str,
    principal: str | None = None,
    max_results: Assignments = 0,  # noqa: ARG001 -- clients send it; all assignments fit one page
    page_token: PageToken = None,  # noqa: ARG001 -- likewise
) -> Document:
    """Show who holds what, and from which object above a privilege comes."""
    return {"privilege_assignments": _held(here, securable_type, full_name, principal)}


@routes.get("/effective-privilege-assignments/{securable_type}/{full_name}")
def list_effective_grants(
    here: Here,
    securable_type: str,
    full_name: str,
    principal: str | None = None,
    page_size: Assignments = 0,  # noqa: ARG001 -- clients send it; all assignments fit one page
    page_token: PageToken = None,  # noqa: ARG001 -- likewise
) -> Document:
    """Show the same, as `databricks grants list-effective` asks for it."""
    return {"effective_privilege_assignments": _held(here, securable_type, full_name, principal)}


def _held(here: Workspace, securable_type: str, full_name: str, principal: str | None) -> list[Document]:
    kind, name, made_at = find_securable(here, securable_type, full_name)
    held = _direct(here, kind, name, made_at)
    for above in _above(name):
        for who, privileges in _inherited(here, above, kind).items():
            held.setdefault(who, []).extend(privileges)
    return [
        {"principal": who, "privileges": privileges}
        for who, privileges in sorted(held.items())
        if principal is None or who == principal
    ]


def _direct(here: Workspace, kind: str, name: str, made_at: int) -> dict[str, list[dict[str, Any]]]:
    found = assignments(here.documents, kind, name, made_at)
    return {who: [{"privilege": privilege} for privilege in privileges] for who, privileges in found.items()}


def _above(name: str) -> list[tuple[str, str]]:
    """The objects that hold one: schema, then catalog; none for a catalog."""
    parts = name.split(".")
    kinds = ("catalog", "schema")
    return [(kinds[depth - 1], ".".join(parts[:depth])) for depth in range(len(parts) - 1, 0, -1)]


def _inherited(here: Workspace, above: tuple[str, str], kind: str) -> dict[str, list[dict[str, Any]]]:
    _, name, made_at = find_securable(here, *above)
    origin = {"inherited_from_type": above[0].upper(), "inherited_from_name": name}
    return {
        who: [{"privilege": privilege, **origin} for privilege in privileges if privilege in PRIVILEGES[kind]]
        for who, privileges in assignments(here.documents, above[0], name, made_at).items()
    }
