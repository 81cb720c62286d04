"""databricks:index/metastoreAssignment:MetastoreAssignment: which metastore a workspace has."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update

UNITY = "/api/2.1/unity-catalog"

FACTS = MappingProxyType(
    {
        "metastoreId": Attribute(required=True, replaces=True),
        "workspaceId": Attribute(required=True, replaces=True),
        "defaultCatalogName": Attribute(computed=True),
    }
)


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    _assign(api, inputs)
    return f"{inputs['workspaceId']}|{inputs['metastoreId']}"


def _assign(api: Api, inputs: Values) -> None:
    sent = {name: value for name, value in inputs.items() if name != "workspaceId"}
    api.call("PUT", f"{UNITY}/workspaces/{inputs['workspaceId']}/metastore", body=body_of(FACTS, sent))


def _read(api: Api, _pair: str, _state: Values) -> Live:
    return Live(api.call("GET", f"{UNITY}/current-metastore-assignment"))


def _update(api: Api, update: Update) -> None:
    _assign(api, update.new)


def _delete(api: Api, pair: str, _state: Values) -> None:
    workspace, _, metastore = pair.partition("|")
    api.call("DELETE", f"{UNITY}/workspaces/{workspace}/metastore", query={"metastore_id": metastore})


METASTORE_ASSIGNMENT = ResourceType(
    type="databricks:index/metastoreAssignment:MetastoreAssignment",
    noun="metastore assignment",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
