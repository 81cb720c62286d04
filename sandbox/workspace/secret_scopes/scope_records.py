"""Secret scopes and their secrets as the workspace keeps them, and the rules for who may do what with them."""

from __future__ import annotations

import re

from model_ops.secret_reference import NAME
from sandbox.workspace.api.errors import ApiError, invalid, missing
from sandbox.workspace.identity.scope_acls import Permission, drop_acl, permits
from sandbox.workspace.stores.documents import Document, Documents
from sandbox.workspace.stores.workspace import ADMIN, Workspace

SCOPE = "secret_scope"
MOST_SCOPES = 1000
"""Scopes of a workspace."""
MOST_SECRETS = 1000
"""Secrets of a scope."""
KEY_VAULT = "AZURE_KEYVAULT"


def check_name(field: str, name: str) -> None:
    """Raise ApiError unless Databricks takes the name of a scope or a key."""
    if not re.fullmatch(NAME, name):
        raise invalid(
            f"{field}: a name has 1 to 128 letters, digits, dashes, underscores, periods and @, found {name[:140]!r}."
        )


def find_scope(documents: Documents, name: str) -> Document:
    """Give a scope's record, whatever the case of its name; raises ApiError where there is none."""
    found = documents.get(SCOPE, name.casefold())
    if found is None:
        raise missing(f"Scope {name} does not exist!")
    return found


def remove_scope(documents: Documents, name: str) -> None:
    """Forget a scope, its ACL and its secrets."""
    with documents.transaction():
        for key in secrets_of(documents, name):
            documents.delete(kind_of(name), key)
        drop_acl(documents, name)
        documents.delete(SCOPE, name.casefold())


def kind_of(scope: str) -> str:
    """The kind of a scope's secrets among the workspace's documents."""
    return f"secret/{scope.casefold()}"


def secrets_of(documents: Documents, scope: str) -> dict[str, Document]:
    """Give a scope's secrets by their keys, each still encrypted."""
    return documents.all(kind_of(scope))


def no_secret(scope: str, key: str) -> ApiError:
    """Say that a secret does not exist."""
    return missing(f"Secret does not exist with scope: {scope} and key: {key}")


def check_permitted(workspace: Workspace, scope: str, user: str, needed: Permission) -> None:
    """Raise ApiError unless the scope's ACL gives a user what is needed.

    The administrator may always change an ACL, as in Databricks. Reading and writing need an entry here for the
    administrator too, so that a rehearsal shows an entry that is missing.
    """
    if needed == "MANAGE" and user == ADMIN:
        return
    if not permits(workspace.documents, scope, user, needed):
        raise ApiError(
            403,
            "PERMISSION_DENIED",
            f"User {user} does not have {needed} permission on scope {scope} to perform this action.",
        )
