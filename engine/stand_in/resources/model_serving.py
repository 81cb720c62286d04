"""databricks:index/modelServing:ModelServing: a serving endpoint, changed as the released provider changes one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from engine.stand_in.attributes import Values
from engine.stand_in.failures import NotFoundError, ProviderError, UpdateFailedError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.endpoint_state import FAILED, Endpoint, config_update, failure, faults
from engine.stand_in.resources.model_serving_schema import FACTS, UNSENT

ENDPOINTS = "/api/2.0/serving-endpoints"
POLL_SECONDS = 0.5


def _path(name: str) -> str:
    return f"{ENDPOINTS}/{segment(name)}"


def _create(api: Api, inputs: Values, deadline: Deadline) -> str:
    name = str(inputs["name"])
    api.call("POST", ENDPOINTS, body=body_of(FACTS, inputs))
    try:
        _settled(api, name, deadline)
    except ProviderError as error:
        with suppress(NotFoundError):
            api.call("DELETE", _path(name))
        if isinstance(error, UpdateFailedError):
            raise
        raise ProviderError(f"{error}. The endpoint was deleted again") from error
    return name


def _settled(api: Api, name: str, deadline: Deadline) -> Endpoint:
    """Wait until no update runs; raises UpdateFailedError, in the released provider's words, when it failed."""
    while True:
        endpoint: Endpoint = api.call("GET", _path(name))
        if config_update(endpoint) in FAILED:
            raise UpdateFailedError(failure(endpoint))
        if config_update(endpoint) == "NOT_UPDATING":
            return endpoint
        deadline.wait(POLL_SECONDS, f"the config update of endpoint {name} did not end")


def _read(api: Api, name: str, _state: Values) -> Live:
    endpoint = api.call("GET", _path(name))
    return Live(_both_names(endpoint), faults(endpoint))


def _both_names(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Give each route both names of its served entity, so that a program may use either."""
    twin = copy.deepcopy(dict(endpoint))
    for route in ((twin.get("config") or {}).get("traffic_config") or {}).get("routes") or ():
        name = route.get("served_entity_name") or route.get("served_model_name")
        route |= {"served_entity_name": name, "served_model_name": name}
    return twin


def _update(api: Api, update: Update) -> None:
    config = body_of(FACTS, update.new).get("config")
    if config and ("config" in update.changed or _failed(api, update.id)):
        api.call("PUT", f"{_path(update.id)}/config", body=config)
    _settled(api, update.id, update.deadline)
    if "tags" in update.changed:
        _settle_tags(api, update)
    if "aiGateway" in update.changed:
        _put_gateway(api, update)


def _put_gateway(api: Api, update: Update) -> None:
    gateway = body_of(FACTS, update.new).get("ai_gateway")
    if gateway is None:
        # The released provider sends what its program does not have any more, and ends by that.
        raise ProviderError(
            "aiGateway was removed from the program, by which the released provider crashes: leave it there, and "
            "switch off what is not wanted, such as inferenceTableConfig.enabled"
        )
    api.call("PUT", f"{_path(update.id)}/ai-gateway", body=gateway)


def _failed(api: Api, name: str) -> bool:
    """Say whether the last update failed: then what is asked for is sent although it is what serves."""
    return config_update(api.call("GET", _path(name))) in FAILED


def _settle_tags(api: Api, update: Update) -> None:
    live = {tag["key"]: tag.get("value") for tag in api.call("GET", _path(update.id)).get("tags") or ()}
    wanted = {tag["key"]: tag.get("value") for tag in update.new.get("tags") or ()}
    added = [{"key": key, "value": value} for key, value in wanted.items() if (key, value) not in live.items()]
    body = {"add_tags": added, "delete_tags": [key for key in live if key not in wanted]}
    api.call("PATCH", f"{_path(update.id)}/tags", body=body)


def _delete(api: Api, name: str, _state: Values) -> None:
    api.call("DELETE", _path(name))


MODEL_SERVING = ResourceType(
    type="databricks:index/modelServing:ModelServing",
    noun="serving endpoint",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    unsent=UNSENT,
)
