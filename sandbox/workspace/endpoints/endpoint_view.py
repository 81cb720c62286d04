"""Serving endpoints as the API shows them: the record and what the router says of its deployment."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.stores.deployments import Deployment
from sandbox.workspace.stores.documents import Document

_NOT_DEPLOYED = {"ready": "NOT_READY", "config_update": "NOT_UPDATING"}
_OLD_NAMES = {"entity_name": "model_name", "entity_version": "model_version"}
_SUMMARY = ("name", "entity_name", "entity_version")
_KEPT = ("description", "email_notifications", "budget_policy_id", "usage_policy_id", "telemetry_config", "task")


def detailed(record: Document, deployment: Deployment | None, address: str) -> Document:
    """Show one endpoint; `address` is the workspace's, without a slash at the end."""
    shown = _facts(record, deployment)
    shown |= {"permission_level": "CAN_MANAGE", "route_optimized": record.get("route_optimized", False)}
    if shown["route_optimized"]:
        shown["endpoint_url"] = f"{address}/serving-endpoints/{record['name']}/invocations"
    for side in ("config", "pending_config"):
        if config := (deployment or {}).get(side):
            shown[side] = _config(config, record.get("auto_capture_config"))
    return shown


def summary(record: Document, deployment: Deployment | None) -> Document:
    """Show one endpoint of a list."""
    shown = _facts(record, deployment)
    if config := (deployment or {}).get("config") or (deployment or {}).get("pending_config"):
        entities = [
            {key: value for key, value in entity.items() if key in _SUMMARY} for entity in config["served_entities"]
        ]
        shown["config"] = {"served_entities": entities, "served_models": [_old(entity) for entity in entities]}
    return shown


def _facts(record: Document, deployment: Deployment | None) -> Document:
    shown = {
        "name": record["name"],
        "id": record["id"],
        "creator": record["creator"],
        "creation_timestamp": record["creation_timestamp"],
        "last_updated_timestamp": record["last_updated_timestamp"],
        "state": dict((deployment or {}).get("state") or _NOT_DEPLOYED),
        "tags": record.get("tags", []),
    }
    if record.get("ai_gateway"):
        shown["ai_gateway"] = record["ai_gateway"]
    return shown | {field: record[field] for field in _KEPT if field in record}


def _config(config: dict[str, Any], auto_capture: Document | None) -> Document:
    entities = config["served_entities"]
    routes = [
        route | {"served_entity_name": route["served_model_name"]}
        for route in (config.get("traffic_config") or {}).get("routes", [])
    ]
    shown = {
        **config,
        "served_entities": entities,
        "served_models": [_old(entity) for entity in entities],
        "traffic_config": {"routes": routes},
    }
    return shown | ({"auto_capture_config": auto_capture} if auto_capture else {})


def _old(entity: dict[str, Any]) -> dict[str, Any]:
    return {_OLD_NAMES.get(key, key): value for key, value in entity.items()}
