"""databricks:index/permissions:Permissions: everybody's level on a serving endpoint or an experiment."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.stand_in.attributes import Attribute, Value, Values
from engine.stand_in.checks import exactly_one
from engine.stand_in.failures import NotFoundError, ProviderError, Refusal
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.values import UNKNOWN

EXAMPLES = "/serving-endpoints/<id> or /experiments/<id>"


@dataclass(frozen=True)
class ObjectKind:
    """What permissions can be set on: its input, its place in the API, its levels from the least to the most."""

    input: str
    place: str
    levels: tuple[str, ...]
    keeps_caller: bool
    """The caller is given CAN_MANAGE where the list does not name it, so that it cannot lock itself out."""


KINDS = (
    ObjectKind("servingEndpointId", "serving-endpoints", ("CAN_VIEW", "CAN_QUERY", "CAN_MANAGE"), keeps_caller=True),
    ObjectKind("experimentId", "experiments", ("CAN_READ", "CAN_EDIT", "CAN_MANAGE"), keeps_caller=False),
)
PRINCIPALS = ("groupName", "userName", "servicePrincipalName")


def principal(entry: Values) -> Hashable:
    """Tell whose entry of the access control list it is; users' names know no case."""
    return tuple(str(entry.get(name) or "").casefold() for name in PRINCIPALS)


ENTRY = {
    "groupName": Attribute(),
    "userName": Attribute(same=str.casefold),
    "servicePrincipalName": Attribute(same=str.casefold),
    "permissionLevel": Attribute(required=True),
}
FACTS = MappingProxyType(
    {
        **{kind.input: Attribute(replaces=True) for kind in KINDS},
        "accessControls": Attribute(kind="set", fields=ENTRY, required=True, key=principal, api="access_control_list"),
        "objectType": Attribute(read_only=True),
    }
)


def _kind_of(inputs: Values) -> ObjectKind:
    return next(kind for kind in KINDS if inputs.get(kind.input) is not None)


def _parse(resource_id: str) -> tuple[ObjectKind, str]:
    parts = resource_id.split("/")
    for kind in KINDS:
        if len(parts) == 3 and parts[:2] == ["", kind.place]:
            return kind, parts[2]
    raise ProviderError(f"found the id {resource_id}, expected one like {EXAMPLES}")


def _path(kind: ObjectKind, object_id: str) -> str:
    return f"/api/2.0/permissions/{kind.place}/{segment(object_id)}"


def _is(entry: Mapping[str, Any], user: str) -> bool:
    return user.casefold() in (str(entry.get(n) or "").casefold() for n in ("user_name", "service_principal_name"))


def _put(api: Api, kind: ObjectKind, object_id: str, entries: Sequence[Mapping[str, Any]]) -> None:
    wanted = list(entries)
    if kind.keeps_caller and not any(_is(entry, api.user) for entry in wanted):
        wanted.append({"user_name": api.user, "permission_level": "CAN_MANAGE"})
    api.call("PUT", _path(kind, object_id), body={"access_control_list": wanted})


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    kind = _kind_of(inputs)
    object_id = str(inputs[kind.input])
    _put(api, kind, object_id, body_of(FACTS, inputs)["access_control_list"])
    return f"/{kind.place}/{object_id}"


def _read(api: Api, resource_id: str, state: Values) -> Live:
    kind, object_id = _parse(resource_id)
    answer = api.call("GET", _path(kind, object_id))
    asked_for = body_of(FACTS, {"accessControls": state.get("accessControls") or []})["access_control_list"]
    caller_asked_for = any(_is(entry, api.user) for entry in asked_for)
    entries = [
        entry
        for each in answer.get("access_control_list") or ()
        if each.get("group_name") != "admins" and (caller_asked_for or not _is(each, api.user))
        for entry in _direct(each)
    ]
    if not entries:
        raise NotFoundError(f"nobody but the administrators has a permission on {resource_id}")
    named = body_of(FACTS, {kind.input: object_id})
    return Live(named | {"object_type": answer.get("object_type"), "access_control_list": entries})


def _direct(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what one principal holds on the object itself, leaving out what it inherits."""
    who = {n: entry[n] for n in ("group_name", "user_name", "service_principal_name") if entry.get(n)}
    held = [level for level in entry.get("all_permissions") or () if not level.get("inherited")]
    return [who | {"permission_level": level["permission_level"]} for level in held]


def _update(api: Api, update: Update) -> None:
    kind, object_id = _parse(update.id)
    _put(api, kind, object_id, body_of(FACTS, update.new)["access_control_list"])


def _delete(api: Api, resource_id: str, _state: Values) -> None:
    """Leave the object to the administrators, and a serving endpoint to the caller too."""
    kind, object_id = _parse(resource_id)
    answer = api.call("GET", _path(kind, object_id))
    entries = [e for each in answer.get("access_control_list") or () for e in _direct(each)]
    _put(api, kind, object_id, [entry for entry in entries if entry.get("group_name") == "admins"])


def _refuse(inputs: Values) -> Sequence[Refusal]:
    refusals = exactly_one(inputs, tuple(kind.input for kind in KINDS))
    entries = inputs.get("accessControls") or []
    if refusals or entries == UNKNOWN:
        return refusals
    if not entries:
        return [Refusal("accessControls", "needs at least one entry; found none")]
    kind = _kind_of(inputs)
    return [r for place, entry in enumerate(entries) for r in _refuse_entry(f"accessControls[{place}]", kind, entry)]


def _refuse_entry(path: str, kind: ObjectKind, entry: Value) -> Sequence[Refusal]:
    if entry == UNKNOWN:
        return ()
    refusals = [Refusal(f"{path}.{each.path}", each.reason) for each in exactly_one(entry, PRINCIPALS)]
    if entry.get("groupName") == "admins":
        refusals.append(Refusal(f"{path}.groupName", "what the group admins may do cannot be changed"))
    level = entry.get("permissionLevel")
    if level not in (None, UNKNOWN, *kind.levels):
        reason = f"must be one of {', '.join(kind.levels)} for {kind.input}, found {level!r}"
        refusals.append(Refusal(f"{path}.permissionLevel", reason))
    return refusals


PERMISSIONS = ResourceType(
    type="databricks:index/permissions:Permissions",
    noun="permissions",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=_refuse,
)
