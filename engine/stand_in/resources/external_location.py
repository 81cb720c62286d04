"""databricks:index/externalLocation:ExternalLocation: a place in a storage that Unity Catalog may use."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import COUNT, FORCE_DESTROY, OUTPUT, settle, without_slash

LOCATIONS = "/api/2.1/unity-catalog/external-locations"
SETTLED_LATER = ("owner", "isolationMode")
"""What the API takes in an update alone."""

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "url": Attribute(same=without_slash, required=True),
        "credentialName": Attribute(same=str.casefold, required=True),
        "comment": Attribute(),
        "fallback": Attribute(kind="bool"),
        "forceDestroy": FORCE_DESTROY,
        "isolationMode": Attribute(computed=True),
        "metastoreId": Attribute(computed=True),
        "owner": Attribute(computed=True),
        "readOnly": Attribute(kind="bool"),
        "skipValidation": Attribute(kind="bool", write_only=True),
        "createdAt": COUNT,
        "createdBy": OUTPUT,
        "credentialId": OUTPUT,
        "updatedAt": COUNT,
        "updatedBy": OUTPUT,
    }
)


def _path(name: str) -> str:
    return f"{LOCATIONS}/{segment(name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    later = {name: inputs[name] for name in SETTLED_LATER if name in inputs}
    first = {name: value for name, value in inputs.items() if name not in (*later, "forceDestroy", "metastoreId")}
    name = str(api.call("POST", LOCATIONS, body=body_of(FACTS, first))["name"])
    if later:
        api.call("PATCH", _path(name), body=body_of(FACTS, later))
    return name


def _read(api: Api, name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(name)))


def _update(api: Api, update: Update) -> None:
    settle(api, _path(update.id), FACTS, update)


def _delete(api: Api, name: str, state: Values) -> None:
    api.call("DELETE", _path(name), query={"force": bool(state.get("forceDestroy"))})


EXTERNAL_LOCATION = ResourceType(
    type="databricks:index/externalLocation:ExternalLocation",
    noun="external location",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
