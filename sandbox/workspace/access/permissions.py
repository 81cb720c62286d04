"""The permissions API of serving endpoints, experiments and registered models."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.access.permission_levels import check_level, find_guarded, levels_of
from sandbox.workspace.api.bodies import Body, router
from sandbox.workspace.api.errors import invalid
from sandbox.workspace.identity.permission_records import Access, Guarded, direct, write
from sandbox.workspace.identity.principals import permitted
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.0/permissions/{object_type}/{object_id}")
_WHO = ("user_name", "group_name", "service_principal_name")


class AccessControl(Body):
    """A permission for one principal."""

    user_name: str | None = None
    group_name: str | None = None
    service_principal_name: str | None = None
    permission_level: str


class AccessControlList(Body):
    """What PUT and PATCH take."""

    access_control_list: list[AccessControl] | None = None


@routes.get("")
def get_permissions(here: Here, object_type: str, object_id: str) -> Document:
    """Show who may do what, inherited permissions included."""
    return _view(here, find_guarded(here, object_type, object_id))


@routes.get("/permissionLevels")
def get_levels(here: Here, object_type: str, object_id: str) -> Document:
    """Show which levels there are."""
    find_guarded(here, object_type, object_id)
    described = levels_of(object_type).levels.items()
    return {"permission_levels": [{"permission_level": level, "description": text} for level, text in described]}


@routes.put("")
def set_permissions(here: Here, object_type: str, object_id: str, body: AccessControlList) -> Document:
    """Replace every permission that was set on the object itself."""
    with here.documents.transaction():
        guarded = find_guarded(here, object_type, object_id)
        entries = [_entry(here, object_type, sent) for sent in body.access_control_list or []]
        write(here.documents, guarded, _merged([], entries))
        return _view(here, guarded)


@routes.patch("")
def update_permissions(here: Here, object_type: str, object_id: str, body: AccessControlList) -> Document:
    """Set the permissions of the principals that are named, leave the others'."""
    with here.documents.transaction():
        guarded = find_guarded(here, object_type, object_id)
        entries = [_entry(here, object_type, sent) for sent in body.access_control_list or []]
        write(here.documents, guarded, _merged(direct(here.documents, guarded), entries))
        return _view(here, guarded)


def _entry(here: Workspace, object_type: str, sent: AccessControl) -> Access:
    check_level(object_type, sent.permission_level)
    named = [(field, name) for field in _WHO if (name := getattr(sent, field))]
    if len(named) != 1:
        raise invalid(f"access_control_list: each entry names one of {', '.join(_WHO)}.")
    field, name = named[0]
    found = permitted(here, field, name)
    if found.get("group_name") == "admins" and sent.permission_level != "CAN_MANAGE":
        raise invalid(f"Cannot change permissions for group 'admins' to {sent.permission_level}.")
    return {field: str(found[field]), "permission_level": sent.permission_level}


def _merged(held: list[Access], entries: list[Access]) -> list[Access]:
    by_principal = {_principal(entry): entry for entry in [*held, *entries]}
    return list(by_principal.values())


def _principal(entry: Access) -> tuple[str, str]:
    return next((field, entry[field]) for field in _WHO if field in entry)


def _view(here: Workspace, guarded: Guarded) -> Document:
    shown: list[dict[str, Any]] = []
    inherited = {
        "permission_level": "CAN_MANAGE",
        "inherited": True,
        "inherited_from_object": [f"/{guarded.object_type}/"],
    }
    admins: list[dict[str, Any]] = []
    for entry in direct(here.documents, guarded):
        permission = {"permission_level": entry["permission_level"], "inherited": False}
        if entry.get("group_name") == "admins":
            admins.append(permission)
            continue
        field, name = _principal(entry)
        shown.append({**permitted(here, field, name), "all_permissions": [permission]})
    shown.append({"group_name": "admins", "all_permissions": [*admins, inherited]})
    return {
        "object_id": f"/{guarded.key}",
        "object_type": levels_of(guarded.object_type).object_type,
        "access_control_list": shown,
    }
