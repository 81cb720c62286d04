"""Serving endpoints."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from sandbox.workspace.api.bodies import router
from sandbox.workspace.api.errors import absent, exists, invalid, missing
from sandbox.workspace.endpoints.config_rules import check_config, check_endpoint_name
from sandbox.workspace.endpoints.endpoint_bodies import (
    AiGateway,
    EndpointConfig,
    EndpointCreate,
    NotificationsPatch,
    TagsPatch,
    TelemetryPatch,
)
from sandbox.workspace.endpoints.endpoint_records import (
    all_records,
    deploy_first,
    deployment_of,
    find_record,
    has_record,
    new_record,
    remove,
    write,
)
from sandbox.workspace.endpoints.endpoint_view import detailed, summary
from sandbox.workspace.endpoints.gateway_records import set_up, take_down
from sandbox.workspace.endpoints.gateway_rules import check_gateway
from sandbox.workspace.endpoints.property_rules import (
    check_description,
    check_notifications,
    check_policy,
    check_tag_count,
    check_tags,
    check_telemetry,
)
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace, now

routes = router("/api/2.0/serving-endpoints")
# MLflow's deployments client ends the address of the collection with a slash.
_NO_BUILD = "The sandbox builds no container: it serves the model with the Python environment that it runs in.\n"


@routes.post("")
@routes.post("/")
def create_endpoint(here: Here, request: Request, body: EndpointCreate) -> Document:
    """Make an endpoint and start to deploy its config, if it has one."""
    check_endpoint_name(body.name)
    if body.rate_limits:
        raise absent("rate_limits; use ai_gateway.rate_limits")
    record = new_record(body.name, _fields(here, body))
    with here.changing(body.name):
        if has_record(here, body.name):
            raise exists(f"Endpoint with name '{body.name}' already exists.")
        config = deployment_of(here, record, check_config(body.config), None) if body.config else None
        # Before anything is deployed, so that the limits hold from the first request on.
        set_up(here, record)
        if config is None:
            write(here, record)
            return _show(here, request, record)
        deployment = deploy_first(here, record, config)
    return detailed(record, deployment, _address(request))


def _fields(here: Workspace, body: EndpointCreate) -> Document:
    kept = body.given()
    for field in ("name", "config", "rate_limits"):
        kept.pop(field, None)
    kept["tags"] = check_tags(body.tags or [])
    check_description(body.description)
    check_notifications(body.email_notifications)
    check_telemetry(body.telemetry_config)
    for field in ("budget_policy_id", "usage_policy_id"):
        check_policy(field, getattr(body, field))
    if body.ai_gateway:
        kept["ai_gateway"] = check_gateway(here, body.name, body.ai_gateway, None)
    if body.config and body.config.auto_capture_config:
        kept["auto_capture_config"] = body.config.auto_capture_config.given()
    return kept


@routes.get("")
@routes.get("/")
def list_endpoints(here: Here) -> dict[str, Any]:
    """List the endpoints."""
    deployed = here.deployments.all()
    return {"endpoints": [summary(record, deployed.get(record["name"])) for record in all_records(here)]}


@routes.get("/{name}")
def get_endpoint(here: Here, request: Request, name: str) -> Document:
    """Give an endpoint."""
    return _show(here, request, find_record(here, name))


@routes.put("/{name}/config")
def update_config(here: Here, request: Request, name: str, body: EndpointConfig) -> Document:
    """Start to deploy another config; what serves goes on until that one is ready."""
    if body.name is not None and body.name != name:
        raise invalid(f"name: the path names {name!r}, the body {body.name!r}.")
    checked = check_config(body)
    with here.changing(name):
        record = find_record(here, name)
        current = here.deployments.get(name)
        deployment = here.deployments.put(name, deployment_of(here, record, checked, current))
        record["last_updated_timestamp"] = now()
        if body.auto_capture_config:
            record["auto_capture_config"] = body.auto_capture_config.given()
        write(here, _without_mark(record))
    return detailed(record, deployment, _address(request))


@routes.patch("/{name}/tags")
def update_tags(here: Here, name: str, body: TagsPatch) -> dict[str, Any]:
    """Add, change and delete tags."""
    added = {tag["key"]: tag for tag in check_tags(body.add_tags or [])}
    with here.changing(name):
        record = find_record(here, name)
        held = {tag["key"]: tag for tag in record.get("tags", []) if tag["key"] not in (body.delete_tags or [])}
        check_tag_count(len(held | added))
        record |= {"tags": list((held | added).values()), "last_updated_timestamp": now()}
        write(here, _without_mark(record))
    return {"tags": record["tags"]}


@routes.put("/{name}/ai-gateway")
def set_gateway(here: Here, name: str, body: AiGateway) -> Document:
    """Replace the AI Gateway's settings; they hold from the next request on."""
    with here.changing(name):
        record = find_record(here, name)
        gateway = check_gateway(here, name, body, record.get("ai_gateway"))
        record |= {"ai_gateway": gateway, "last_updated_timestamp": now()}
        set_up(here, record)
        write(here, _without_mark(record))
    return gateway


@routes.patch("/{name}/notifications")
def update_notifications(here: Here, name: str, body: NotificationsPatch) -> Document:
    """Replace whom to write to."""
    check_notifications(body.email_notifications)
    told = body.email_notifications.given() if body.email_notifications else {}
    with here.changing(name):
        record = find_record(here, name) | {"email_notifications": told, "last_updated_timestamp": now()}
        write(here, _without_mark(record))
    return {"name": name, "email_notifications": told}


@routes.patch("/{name}/telemetry-config")
def update_telemetry(here: Here, request: Request, name: str, body: TelemetryPatch) -> Document:
    """Replace the telemetry, or remove it."""
    check_telemetry(body.telemetry_config)
    with here.changing(name):
        record = find_record(here, name) | {"last_updated_timestamp": now()}
        record.pop("telemetry_config", None)
        if body.telemetry_config is not None:
            record["telemetry_config"] = body.telemetry_config.given()
        write(here, _without_mark(record))
    return _show(here, request, record)


@routes.delete("/{name}")
def delete_endpoint(here: Here, name: str) -> dict[str, Any]:
    """Remove an endpoint: its requests in flight finish, then its model servers stop."""
    with here.changing(name):
        record = find_record(here, name)
        # In this order: a process killed in between leaves an endpoint that serves nothing and can be deleted.
        here.deployments.delete(name)
        take_down(here, name)
        remove(here, record)
    return {}


@routes.get("/{name}/served-models/{served}/logs")
def get_logs(here: Here, name: str, served: str) -> Document:
    """Give the last lines of a model server's output."""
    find_record(here, name)
    return {"logs": here.deployments.logs(name, served)}


@routes.get("/{name}/served-models/{served}/build-logs")
def get_build_logs(here: Here, name: str, served: str) -> Document:
    """Say that nothing is built."""
    find_record(here, name)
    deployment = here.deployments.get(name) or {}
    configs = [deployment.get("config") or {}, deployment.get("pending_config") or {}]
    if not any(entity["name"] == served for config in configs for entity in config.get("served_entities", [])):
        raise missing(f"Served entity '{served}' of endpoint '{name}' does not exist.")
    return {"logs": _NO_BUILD}


def _without_mark(record: Document) -> Document:
    return {key: value for key, value in record.items() if key != "creating"}


def _show(here: Workspace, request: Request, record: Document) -> Document:
    return detailed(record, here.deployments.get(record["name"]), _address(request))


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")
