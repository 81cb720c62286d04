"""databricks:index/registeredModel:RegisteredModel."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import COUNT, OUTPUT, settle

MODELS = "/api/2.1/unity-catalog/models"
ALIAS = {"aliasName": Attribute(), "versionNum": Attribute(kind="int")}

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "catalogName": Attribute(same=str.casefold, replaces=True, required=True),
        "schemaName": Attribute(same=str.casefold, replaces=True, required=True),
        "aliases": Attribute(kind="list", fields=ALIAS, write_only=True),
        "comment": Attribute(),
        "owner": Attribute(computed=True),
        "storageLocation": Attribute(computed=True, replaces=True),
        "createdAt": COUNT,
        "createdBy": OUTPUT,
        "fullName": OUTPUT,
        "metastoreId": OUTPUT,
        "updatedAt": COUNT,
        "updatedBy": OUTPUT,
    }
)


def _path(full_name: str) -> str:
    return f"{MODELS}/{segment(full_name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    sent = {name: value for name, value in inputs.items() if name not in ("aliases", "owner")}
    full_name = str(api.call("POST", MODELS, body=body_of(FACTS, sent))["full_name"])
    try:
        if "owner" in inputs:
            api.call("PATCH", _path(full_name), body={"owner": inputs["owner"]})
    except ProviderError:
        api.call("DELETE", _path(full_name))
        raise
    return full_name


def _read(api: Api, full_name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(full_name)))


def _update(api: Api, update: Update) -> None:
    settle(api, _path(update.id), {name: FACTS[name] for name in FACTS if name != "aliases"}, update)


def _delete(api: Api, full_name: str, _state: Values) -> None:
    api.call("DELETE", _path(full_name))


REGISTERED_MODEL = ResourceType(
    type="databricks:index/registeredModel:RegisteredModel",
    noun="registered model",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    unsent=frozenset({"aliases"}),
)
