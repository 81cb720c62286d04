"""Who exists: users, groups and service principals."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.errors import ApiError, missing
from sandbox.workspace.stores.documents import Document, Documents
from sandbox.workspace.stores.workspace import ADMIN, Workspace, number

LOCAL_GROUPS = frozenset({"admins", "users"})
"""Groups of the workspace alone: Unity Catalog does not know them."""
SYSTEM_GROUPS = LOCAL_GROUPS | {"account users"}
NAMES = {"Users": "userName", "Groups": "displayName", "ServicePrincipals": "applicationId"}
"""The attribute that names a principal, by SCIM resource."""
_FIELDS = {"user_name": "Users", "group_name": "Groups", "service_principal_name": "ServicePrincipals"}
_WORDS = {"user_name": "UserName", "group_name": "GroupName", "service_principal_name": "ServicePrincipalName"}


def seed(documents: Documents) -> None:
    """Make the administrator and the system's groups at the first start."""
    with documents.transaction():
        if documents.all("Users"):
            return
        admin = str(number())
        documents.put("Users", admin, {"userName": ADMIN, "displayName": "Sandbox admin", "active": True})
        for name in sorted(SYSTEM_GROUPS):
            documents.put("Groups", str(number()), {"displayName": name, "members": [admin]})


def find(documents: Documents, resource: str, name: str) -> tuple[str, Document] | None:
    """Give id and document of the principal of that name; case does not count."""
    attribute = NAMES[resource]
    for identifier, document in documents.all(resource).items():
        if str(document.get(attribute, "")).casefold() == name.casefold():
            return identifier, document
    return None


def grantee(workspace: Workspace, name: str) -> str:
    """Give a principal of Unity Catalog as it is spelled: user name, application id or group; raises ApiError."""
    for resource, attribute in NAMES.items():
        found = find(workspace.documents, resource, name)
        if found and not (resource == "Groups" and name.casefold() in LOCAL_GROUPS):
            return str(found[1][attribute])
    raise ApiError(404, "PRINCIPAL_DOES_NOT_EXIST", f"Could not find principal with name {name}")


def permitted(workspace: Workspace, field: str, name: str) -> Document:
    """Give a principal of the permissions API as that shows it; raises ApiError when there is none."""
    found = find(workspace.documents, _FIELDS[field], name)
    if found is None:
        raise missing(f"Principal: {_WORDS[field]}({name}) does not exist")
    shown: dict[str, Any] = {field: found[1][NAMES[_FIELDS[field]]]}
    if field != "group_name" and (label := found[1].get("displayName")):
        shown["display_name"] = label
    return shown


def groups_of(documents: Documents, identifier: str) -> list[Document]:
    """Give the groups that a principal is a direct member of."""
    return [
        {"value": group, "display": document["displayName"], "type": "direct", "$ref": f"Groups/{group}"}
        for group, document in documents.all("Groups").items()
        if identifier in document.get("members", [])
    ]
