"""Who may do what with a secret scope: its ACL, as the workspace keeps it."""

from __future__ import annotations

from typing import Literal, get_args

from sandbox.workspace.identity.principals import find, groups_of
from sandbox.workspace.stores.documents import Documents

Permission = Literal["READ", "WRITE", "MANAGE"]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
"""From the least to the most; each holds those before it."""
KIND = "secret_acl"


def acl(documents: Documents, scope: str) -> dict[str, Permission]:
    """Give the permissions on a scope by principal."""
    return dict(documents.get(KIND, scope.casefold()) or {})


def set_acl(documents: Documents, scope: str, permissions: dict[str, Permission]) -> None:
    """Keep the permissions on a scope."""
    documents.put(KIND, scope.casefold(), dict(permissions))


def drop_acl(documents: Documents, scope: str) -> None:
    """Forget the permissions on a scope that is gone."""
    documents.delete(KIND, scope.casefold())


def drop_from_acls(documents: Documents, principal: str) -> None:
    """Forget what a principal that is gone was permitted."""
    for scope, held in documents.all(KIND).items():
        if held.pop(principal, None) is not None:
            documents.put(KIND, scope, held)


def permits(documents: Documents, scope: str, user: str, needed: Permission) -> bool:
    """Say whether the ACL gives a user what is needed, by its own name or by that of a group that it is in."""
    enough = PERMISSIONS[PERMISSIONS.index(needed) :]
    held = acl(documents, scope)
    return any(held.get(name) in enough for name in _names(documents, user))


def _names(documents: Documents, user: str) -> list[str]:
    found = find(documents, "Users", user) or find(documents, "ServicePrincipals", user)
    return [user, *(str(group["display"]) for group in groups_of(documents, found[0]))] if found else [user]
