"""databricks:index/schema:Schema."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import FORCE_DESTROY, OPTIMIZATION, OUTPUT, settle, without_slash

SCHEMAS = "/api/2.1/unity-catalog/schemas"
SENT_FIRST = ("name", "catalogName", "comment", "properties", "storageRoot")
SETTLED_LATER = ("owner", "enablePredictiveOptimization")
"""What the API takes in an update alone."""

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "catalogName": Attribute(same=str.casefold, replaces=True, required=True),
        "comment": Attribute(),
        "enablePredictiveOptimization": OPTIMIZATION,
        "forceDestroy": FORCE_DESTROY,
        "metastoreId": Attribute(computed=True),
        "owner": Attribute(computed=True),
        "properties": Attribute(kind="map"),
        "storageRoot": Attribute(same=without_slash, replaces=True),
        "schemaId": OUTPUT,
    }
)


def _path(full_name: str) -> str:
    return f"{SCHEMAS}/{segment(full_name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    first = {name: inputs[name] for name in SENT_FIRST if name in inputs}
    full_name = str(api.call("POST", SCHEMAS, body=body_of(FACTS, first))["full_name"])
    later = {name: inputs[name] for name in SETTLED_LATER if name in inputs}
    try:
        if later:
            api.call("PATCH", _path(full_name), body=body_of(FACTS, later))
    except ProviderError:
        api.call("DELETE", _path(full_name))
        raise
    return full_name


def _read(api: Api, full_name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(full_name)))


def _update(api: Api, update: Update) -> None:
    settle(api, _path(update.id), FACTS, update)


def _delete(api: Api, full_name: str, state: Values) -> None:
    api.call("DELETE", _path(full_name), query={"force": bool(state.get("forceDestroy"))})


SCHEMA = ResourceType(
    type="databricks:index/schema:Schema",
    noun="schema",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
