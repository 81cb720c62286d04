"""Grants on Unity Catalog's objects: registered models are addressed as functions, indexes as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import AfterValidator

from sandbox.workspace.api.bodies import Body, MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, absent, invalid
from sandbox.workspace.catalog.catalogs import find_catalog
from sandbox.workspace.catalog.schemas import find_schema
from sandbox.workspace.catalog.tables import find_table_or_index
from sandbox.workspace.catalog.volume_records import find_volume
from sandbox.workspace.identity.grant_records import PRIVILEGES, assign, assignments, normalise, view
from sandbox.workspace.identity.principals import grantee
from sandbox.workspace.registry.model_records import find_model
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.1/unity-catalog")
LEAST_PAGE = 150
OTHER_TYPES = frozenset(
    {
        "agent_service", "clean_room", "connection", "credential", "external_location", "external_metadata",
        "mcp_service", "metastore", "model_provider_service", "model_service", "pipeline", "provider", "recipient",
        "share", "skill", "staging_table", "storage_credential",
    }
)  # fmt: skip
"""Securables that Databricks has grants on (its SDKs' SecurableType) and the sandbox does not have."""


def _size(count: int) -> int:
    # Databricks' rule: a page holds at least all privileges of one principal.
    if 0 < count < LEAST_PAGE:
        raise ValueError(f"0 for the server's choice, or {LEAST_PAGE} and more")
    return count


Assignments = Annotated[MaxResults, AfterValidator(_size)]
"""How many assignments a page is to hold."""


class Change(Body):
    """Privileges to add to one principal, and to remove from it."""

    principal: str
    add: list[str] | None = None
    remove: list[str] | None = None


class Changes(Body):
    """What PATCH takes."""

    changes: list[Change] | None = None
    omit_permissions_in_response: bool = False


@routes.get("/permissions/{securable_type}/{full_name}")
def get_grants(
    here: Here,
    securable_type: str,
    full_name: str,
    principal: str | None = None,
    max_results: Assignments = 0,  # noqa: ARG001 -- clients send it; all assignments fit one page
    page_token: PageToken = None,  # noqa: ARG001 -- likewise
) -> Document:
    """Show who holds what."""
    return _held(here, securable_type, full_name, principal)


@routes.get("/privilege-assignments/{securable_type}/{full_name}")
def list_grants(
    here: Here,
    securable_type: str,
    full_name: str,
    principal: str | None = None,
    page_size: Assignments = 0,  # noqa: ARG001 -- clients send it; all assignments fit one page
    page_token: PageToken = None,  # noqa: ARG001 -- likewise
) -> Document:
    """Show the same, as `databricks grants list` asks for it."""
    return _held(here, securable_type, full_name, principal)


def _held(here: Workspace, securable_type: str, full_name: str, principal: str | None) -> Document:
    kind, name, made_at = find_securable(here, securable_type, full_name)
    held = assignments(here.documents, kind, name, made_at)
    return view({who: what for who, what in held.items() if principal is None or who == principal})


@routes.patch("/permissions/{securable_type}/{full_name}")
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
        if body.omit_permissions_in_response:
            return {}
        return view({who: sorted(what) for who, what in sorted(held.items()) if what})


def find_securable(here: Workspace, securable_type: str, full_name: str) -> tuple[str, str, int]:
    """Give an object by its type, its name as it is kept and when it was made; raises ApiError where there is none."""
    kind = securable_type.lower()
    if kind not in PRIVILEGES:
        raise _no_securable(kind, full_name)
    if kind == "function":
        model = find_model(here, full_name)
        return kind, model.name, model.created_at
    found = _FIND[kind](here, full_name)
    return kind, str(found["full_name"]), found["created_at"]


_FIND: Mapping[str, Callable[[Workspace, str], Document]] = {
    "catalog": find_catalog,
    "schema": find_schema,
    "table": find_table_or_index,
    "volume": find_volume,
}


def _no_securable(kind: str, full_name: str) -> ApiError:
    if kind in OTHER_TYPES:
        return absent(f"grants on securables of type {kind}; it has {', '.join(PRIVILEGES)}")
    as_function = f"The grants of a registered model are those of a function: ask for function/{full_name}."
    if kind == "model":  # a workspace knows the type, but only of models that Databricks hosts
        return ApiError(400, "INVALID_STATE", f"MODEL is not enabled. {as_function}")
    types = ", ".join(kind.upper() for kind in sorted({*PRIVILEGES, *OTHER_TYPES}))
    hint = as_function if "model" in kind else f"It is one of {types}."
    return invalid(f"Invalid input: {kind.upper()} is not a valid securable type. {hint}")
