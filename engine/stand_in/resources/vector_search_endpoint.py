"""databricks:index/vectorSearchEndpoint:VectorSearchEndpoint."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import COUNT, OUTPUT

ENDPOINTS = "/api/2.0/vector-search/endpoints"
INTERVAL = 2.0
"""Seconds between two looks at an endpoint that is not online yet."""

FACTS = MappingProxyType(
    {
        "name": Attribute(replaces=True),
        "endpointType": Attribute(required=True, replaces=True),
        "budgetPolicyId": Attribute(computed=True),
        "creationTimestamp": COUNT,
        "creator": OUTPUT,
        "endpointId": Attribute(read_only=True, api="id"),
        "lastUpdatedTimestamp": COUNT,
        "lastUpdatedUser": OUTPUT,
        "numIndexes": COUNT,
    }
)


def _path(name: str) -> str:
    return f"{ENDPOINTS}/{segment(name)}"


def _create(api: Api, inputs: Values, deadline: Deadline) -> str:
    name = str(api.call("POST", ENDPOINTS, body=body_of(FACTS, inputs))["name"])
    try:
        while api.call("GET", _path(name)).get("endpoint_status", {}).get("state") != "ONLINE":
            deadline.wait(INTERVAL, f"vector search endpoint {name} did not come online")
    except ProviderError:
        api.call("DELETE", _path(name))
        raise
    return name


def _read(api: Api, name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(name)))


def _update(api: Api, update: Update) -> None:
    if "budgetPolicyId" in update.changed:
        body = {"budget_policy_id": update.new.get("budgetPolicyId", "")}
        api.call("PATCH", f"{_path(update.id)}/budget-policy", body=body)


def _delete(api: Api, name: str, _state: Values) -> None:
    api.call("DELETE", _path(name))


VECTOR_SEARCH_ENDPOINT = ResourceType(
    type="databricks:index/vectorSearchEndpoint:VectorSearchEndpoint",
    noun="vector search endpoint",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
