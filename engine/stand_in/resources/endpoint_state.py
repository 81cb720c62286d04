"""What a serving endpoint says about itself while it changes, in words and as a reason to wait or to fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Endpoint = Mapping[str, Any]
FAILED = ("UPDATE_FAILED", "UPDATE_CANCELED")


def config_update(endpoint: Endpoint) -> str:
    """Say how the last change of the config is going."""
    return str((endpoint.get("state") or {}).get("config_update") or "NOT_UPDATING")


def ready(endpoint: Endpoint) -> bool:
    """Say whether the endpoint answers; one without a config has nothing to be ready with."""
    return (endpoint.get("state") or {}).get("ready") == "READY"


def failure(endpoint: Endpoint) -> str:
    """Tell that the last change of the config failed, as the waiter does that the released provider uses."""
    update = config_update(endpoint)
    return f"failed to reach NOT_UPDATING, got {update}: current status: {update}"


def faults(endpoint: Endpoint) -> tuple[str, ...]:
    """List why an endpoint is not as it should be: a change that failed or still runs, or nothing that answers."""
    if config_update(endpoint) in FAILED:
        return (f"its last config update is {config_update(endpoint)}",)
    if config_update(endpoint) == "IN_PROGRESS":
        return ("its config update is IN_PROGRESS",)
    if endpoint.get("config") and not ready(endpoint):
        unready = [_entity(entity) for entity in endpoint["config"].get("served_entities") or ()]
        return (f"it is NOT_READY: {'; '.join(unready) or 'it serves nothing'}",)
    return ()


def _deployment(entity: Mapping[str, Any]) -> str:
    return str((entity.get("state") or {}).get("deployment") or "")


def _named(entity: Mapping[str, Any]) -> str:
    return f"{entity.get('name')} (version {entity.get('entity_version')} of {entity.get('entity_name')})"


def _entity(entity: Mapping[str, Any]) -> str:
    message = (entity.get("state") or {}).get("deployment_state_message") or "no message"
    return f"{_named(entity)} is {_deployment(entity) or 'in an unknown state'}: {message}"
