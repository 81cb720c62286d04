"""The routes of the scopes' ACLs."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.bodies import router
from sandbox.workspace.api.errors import invalid, missing
from sandbox.workspace.identity.principals import NAMES, find
from sandbox.workspace.identity.scope_acls import PERMISSIONS, Permission, acl, set_acl
from sandbox.workspace.secret_scopes.scope_bodies import AclDelete, AclPut
from sandbox.workspace.secret_scopes.scope_records import check_permitted, find_scope
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace

routes = router("/api/2.0/secrets/acls")


@routes.post("/put")
def put_acl(here: Here, body: AclPut) -> dict[str, Any]:
    """Set the permission of a principal."""
    with here.documents.transaction():
        scope = _managed(here, body.scope)
        held = acl(here.documents, scope)
        set_acl(here.documents, scope, held | {_principal(here, body.principal): _permission(body.permission)})
    return {}


def _permission(sent: str) -> Permission:
    for permission in PERMISSIONS:
        if permission == sent:
            return permission
    raise invalid(f"permission: one of {', '.join(PERMISSIONS)}, found {sent[:80]!r}.")


def _principal(here: Workspace, name: str) -> str:
    """A user, group or service principal as it is spelled; raises ApiError where there is none."""
    for resource, attribute in NAMES.items():
        if found := find(here.documents, resource, name):
            return str(found[1][attribute])
    raise invalid(f"Principal {name[:140]} does not exist: name a user, a group or a service principal's id.")


@routes.get("/get")
def get_acl(here: Here, scope: str, principal: str) -> dict[str, Any]:
    """Give the permission of a principal."""
    name = _managed(here, scope)
    held = acl(here.documents, name)
    if principal not in held:
        raise _no_acl(name, principal)
    return {"principal": principal, "permission": held[principal]}


@routes.get("/list")
def list_acls(here: Here, scope: str) -> dict[str, Any]:
    """List the permissions on a scope."""
    held = acl(here.documents, _managed(here, scope))
    return {"items": [{"principal": each, "permission": held[each]} for each in sorted(held)]}


@routes.post("/delete")
def delete_acl(here: Here, body: AclDelete) -> dict[str, Any]:
    """Take the permission of a principal away."""
    with here.documents.transaction():
        scope = _managed(here, body.scope)
        held = acl(here.documents, scope)
        if held.pop(body.principal, None) is None:
            raise _no_acl(scope, body.principal)
        set_acl(here.documents, scope, held)
    return {}


def _managed(here: Workspace, name: str) -> str:
    """The name of a scope whose ACL the caller may see and change; raises ApiError."""
    scope = str(find_scope(here.documents, name)["name"])
    check_permitted(here, scope, ADMIN, "MANAGE")
    return scope


def _no_acl(scope: str, principal: str) -> Exception:
    return missing(f"Failed to get secret acl for principal {principal} for scope {scope}.")
