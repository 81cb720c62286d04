"""SCIM: users, groups and service principals of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from sandbox.workspace.api.bodies import Body, Counted, MaxResults, router
from sandbox.workspace.api.errors import ApiError, Json, invalid, missing
from sandbox.workspace.identity.grant_records import drop_grantee
from sandbox.workspace.identity.permission_records import drop_permitted
from sandbox.workspace.identity.principals import NAMES, SYSTEM_GROUPS, find, groups_of
from sandbox.workspace.identity.scim_patch import Patch, matcher, member_ids, patch
from sandbox.workspace.identity.scope_acls import drop_from_acls
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace, identifier, number

_PREFIX = "/api/2.0/preview/scim/v2"
_ACCOUNT = "/api/2.0/account/scim/v2"
"""Where a workspace hands questions about its account on. The account of this one has nobody else."""
_SCHEMA = {
    "Users": "urn:ietf:params:scim:schemas:core:2.0:User",
    "Groups": "urn:ietf:params:scim:schemas:core:2.0:Group",
    "ServicePrincipals": "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal",
}
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_COMPUTED = frozenset({"id", "schemas", "groups", "meta"})


class Principal(Body):
    """What POST and PUT take of a user, group or service principal."""

    schemas: list[str] | None = None
    id: str | None = None
    userName: str | None = None
    displayName: str | None = None
    applicationId: str | None = None
    externalId: str | None = None
    active: bool | None = None
    name: dict[str, Any] | None = None
    emails: list[dict[str, Any]] | None = None
    entitlements: list[dict[str, Any]] | None = None
    roles: list[dict[str, Any]] | None = None
    groups: list[dict[str, Any]] | None = None
    members: list[dict[str, Any]] | None = None
    meta: dict[str, Any] | None = None


def routes() -> APIRouter:
    """Make the routes of the three resources, and of who is calling."""
    made = router(_PREFIX)
    made.add_api_route("/Me", get_me, methods=["GET"])
    for resource in NAMES:
        _add_all(made, resource)
        _add_each(made, resource)
    return made


def account_routes() -> APIRouter:
    """Make the routes that list who is in the account."""
    made = router(_ACCOUNT)
    for resource in NAMES:
        made.add_api_route(f"/{resource}", _lister(resource), methods=["GET"])
    return made


def get_me(here: Here) -> Response:
    """Show the caller; the SDKs read the workspace's number from the header that every answer has."""
    found = find(here.documents, "Users", ADMIN)
    if found is None:
        raise missing("The sandbox's administrator is gone.")
    return Json(_view(here, "Users", *found))


def _add_all(made: APIRouter, resource: str) -> None:
    """Add what is asked of all users, groups or service principals."""

    def create(here: Here, body: Principal) -> Response:
        with here.documents.transaction():
            principal = str(number())
            return Json(_write(here, resource, principal, _fields(resource, body)), 201)

    made.add_api_route(f"/{resource}", _lister(resource), methods=["GET"])
    made.add_api_route(f"/{resource}", create, methods=["POST"])


def _lister(resource: str) -> Callable[..., Document]:
    def list_all(
        here: Here,
        filter: Annotated[str | None, Query(max_length=1000)] = None,
        startIndex: Counted = 1,
        count: MaxResults = 10000,
    ) -> Document:
        return _list(here, resource, filter, startIndex, count)

    return list_all


def _add_each(made: APIRouter, resource: str) -> None:
    """Add what is asked of one of them."""

    def get(here: Here, principal: str) -> Document:
        return _view(here, resource, principal, _find(here, resource, principal))

    def replace(here: Here, principal: str, body: Principal) -> Document:
        with here.documents.transaction():
            _check_changeable(_find(here, resource, principal), body.displayName)
            return _write(here, resource, principal, _fields(resource, body))

    def change(here: Here, principal: str, body: Patch) -> Document:
        with here.documents.transaction():
            held = _find(here, resource, principal)
            document = patch(held, body.Operations)
            _check_changeable(held, document.get("displayName"))
            return _write(here, resource, principal, document)

    def delete(here: Here, principal: str) -> Response:
        with here.documents.transaction():
            _delete(here, resource, principal)
        return Response(status_code=204)

    made.add_api_route(f"/{resource}/{{principal}}", get, methods=["GET"])
    made.add_api_route(f"/{resource}/{{principal}}", replace, methods=["PUT"])
    made.add_api_route(f"/{resource}/{{principal}}", change, methods=["PATCH"])
    made.add_api_route(f"/{resource}/{{principal}}", delete, methods=["DELETE"])


def _list(here: Workspace, resource: str, text: str | None, start: int, count: int) -> Document:
    test = matcher(text)
    found = [(key, document) for key, document in here.documents.all(resource).items() if test(document | {"id": key})]
    part = found[start - 1 : start - 1 + count]
    return {
        "schemas": [_LIST],
        "totalResults": len(found),
        "startIndex": start,
        "itemsPerPage": len(part),
        "Resources": [_view(here, resource, *item) for item in part],
    }


def _fields(resource: str, body: Principal) -> Document:
    fields = {key: value for key, value in body.given().items() if key not in _COMPUTED}
    if "members" in fields:
        fields["members"] = member_ids(fields["members"])
    if resource == "ServicePrincipals":
        fields.setdefault("applicationId", identifier())
    if resource != "Groups":
        fields.setdefault("active", True)
    return fields


def _write(here: Workspace, resource: str, principal: str, document: Document) -> Document:
    attribute = NAMES[resource]
    name = document.get(attribute)
    if not isinstance(name, str) or not name.strip():
        raise invalid(f"{attribute} is required.")
    taken = find(here.documents, resource, name)
    if taken and taken[0] != principal:
        raise ApiError(409, "RESOURCE_ALREADY_EXISTS", f"{resource.removesuffix('s')} with name {name} already exists.")
    for member in document.get("members", []):
        if _kind_of(here, member) is None:
            raise missing(f"Member with id {member} not found.")
    here.documents.put(resource, principal, document)
    return _view(here, resource, principal, document)


def _find(here: Workspace, resource: str, principal: str) -> Document:
    found = here.documents.get(resource, principal)
    if found is None:
        raise missing(f"{resource.removesuffix('s')} with id {principal} not found.")
    return found


def _check_changeable(held: Document, new_name: Any) -> None:
    if held.get("displayName") in SYSTEM_GROUPS and new_name != held["displayName"]:
        raise ApiError(403, "PERMISSION_DENIED", f"The group {held['displayName']} is the system's own.")


def _delete(here: Workspace, resource: str, principal: str) -> None:
    held = _find(here, resource, principal)
    if held.get("userName") == ADMIN:
        raise ApiError(403, "PERMISSION_DENIED", "The sandbox's administrator cannot be deleted.")
    if resource == "Groups":
        _check_changeable(held, None)
    here.documents.delete(resource, principal)
    for group, document in here.documents.all("Groups").items():
        if principal in document.get("members", []):
            document["members"].remove(principal)
            here.documents.put("Groups", group, document)
    drop_grantee(here.documents, held[NAMES[resource]])
    drop_permitted(here.documents, held[NAMES[resource]])
    drop_from_acls(here.documents, held[NAMES[resource]])


def _kind_of(here: Workspace, principal: str) -> tuple[str, Document] | None:
    for resource in NAMES:
        if (found := here.documents.get(resource, principal)) is not None:
            return resource, found
    return None


def _view(here: Workspace, resource: str, principal: str, document: Document) -> Document:
    shown = {"schemas": [_SCHEMA[resource]], "id": principal, **document}
    if resource == "Groups":
        shown["members"] = [_member(here, member) for member in document.get("members", [])]
        shown["meta"] = {"resourceType": "WorkspaceGroup"}
    shown["groups"] = groups_of(here.documents, principal)
    return shown


def _member(here: Workspace, principal: str) -> Document:
    found = _kind_of(here, principal)
    if found is None:
        return {"value": principal}
    resource, document = found
    label = document.get("displayName") or document[NAMES[resource]]
    return {"value": principal, "display": label, "$ref": f"{resource}/{principal}"}
