"""The routes of secret scopes."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.bodies import router
from sandbox.workspace.api.errors import ApiError, exists, invalid
from sandbox.workspace.identity.scope_acls import set_acl
from sandbox.workspace.secret_scopes.scope_bodies import ScopeCreate, ScopeDelete
from sandbox.workspace.secret_scopes.scope_records import (
    KEY_VAULT,
    MOST_SCOPES,
    SCOPE,
    check_name,
    check_permitted,
    find_scope,
    remove_scope,
)
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here

routes = router("/api/2.0/secrets/scopes")
_BACKENDS = ("DATABRICKS", KEY_VAULT)
_EVERYBODY = "users"


@routes.post("/create")
def create_scope(here: Here, body: ScopeCreate) -> dict[str, Any]:
    """Make a scope, which its creator manages, or everybody where the request says so."""
    check_name("scope", body.scope)
    record = _record(body)
    with here.documents.transaction():
        if here.documents.get(SCOPE, body.scope.casefold()) is not None:
            raise exists(f"Scope {body.scope} already exists!")
        if len(here.documents.all(SCOPE)) >= MOST_SCOPES:
            raise ApiError(400, "RESOURCE_LIMIT_EXCEEDED", f"A workspace has at most {MOST_SCOPES} secret scopes.")
        here.documents.put(SCOPE, body.scope.casefold(), record)
        set_acl(here.documents, body.scope, {body.initial_manage_principal or ADMIN: "MANAGE"})
    return {}


def _record(body: ScopeCreate) -> Document:
    if body.initial_manage_principal not in (None, _EVERYBODY):
        raise invalid(
            f"initial_manage_principal: only {_EVERYBODY!r} is allowed, found {body.initial_manage_principal!r}."
        )
    vault = body.backend_azure_keyvault
    backend = (body.scope_backend_type or (KEY_VAULT if vault else "DATABRICKS")).upper()
    if backend not in _BACKENDS:
        raise invalid(f"scope_backend_type: one of {', '.join(_BACKENDS)}, found {body.scope_backend_type!r}.")
    if (backend == KEY_VAULT) != (vault is not None):
        raise invalid(f"backend_azure_keyvault: it is required with scope_backend_type {KEY_VAULT}, and only there.")
    record: Document = {"name": body.scope, "backend_type": backend}
    if vault is not None:
        record["keyvault_metadata"] = {"resource_id": vault.resource_id, "dns_name": vault.dns_name}
    return record


@routes.get("/list")
def list_scopes(here: Here) -> dict[str, Any]:
    """List the scopes: their names are no secret."""
    return {"scopes": list(here.documents.all(SCOPE).values())}


@routes.post("/delete")
def delete_scope(here: Here, body: ScopeDelete) -> dict[str, Any]:
    """Remove a scope with all that is in it."""
    with here.documents.transaction():
        scope = find_scope(here.documents, body.scope)["name"]
        check_permitted(here, scope, ADMIN, "MANAGE")
        remove_scope(here.documents, scope)
    return {}
