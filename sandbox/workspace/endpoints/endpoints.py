"""Serving endpoints."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from sandbox.workspace.api.bodies import router
from sandbox.workspace.api.errors import absent, exists, invalid, missing
from sandbox.workspace.api.securable_names import no_catalog, no_schema
from sandbox.workspace.endpoints.config_rules import check_config, check_endpoint_name, check_gateway, check_tags
from sandbox.workspace.endpoints.endpoint_bodies import AiGateway, EndpointConfig, EndpointCreate, TagsPatch
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
        if body.config is None:
            write(here, record)
            return _show(here, request, record)
        config = deployment_of(here, record, check_config(body.config), None)
        deployment = deploy_first(here, record, config)
    return detailed(record, deployment, _address(request))


def _fields(here: Workspace, body: EndpointCreate) -> Document:
    kept = body.given()
    for field in ("name", "config", "rate_limits"):
        kept.pop(field, None)
    kept["tags"] = check_tags(body.tags or [])
    if body.ai_gateway:
        kept["ai_gateway"] = _gateway(here, body.ai_gateway)
    if body.config and body.config.auto_capture_config:
        kept["auto_capture_config"] = body.config.auto_capture_config.given()
    return kept


def _gateway(here: Workspace, sent: AiGateway) -> Document:
    kept = check_gateway(sent)
    table = sent.inference_table_config
    if table and table.enabled and table.catalog_name and table.schema_name:
        catalog, schema = table.catalog_name.lower(), f"{table.catalog_name}.{table.schema_name}".lower()
        if here.documents.get("catalog", catalog) is None:
            raise no_catalog(catalog)
        if here.documents.get("schema", schema) is None:
            raise no_schema(schema)
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
        record |= {"tags": list((held | added).values()), "last_updated_timestamp": now()}
        write(here, _without_mark(record))
    return {"tags": record["tags"]}


@routes.put("/{name}/ai-gateway")
def set_gateway(here: Here, name: str, body: AiGateway) -> Document:
    """Replace the AI Gateway's settings."""
    gateway = _gateway(here, body)
    with here.changing(name):
        record = find_record(here, name)
        write(here, _without_mark(record | {"ai_gateway": gateway, "last_updated_timestamp": now()}))
    return gateway


@routes.delete("/{name}")
def delete_endpoint(here: Here, name: str) -> dict[str, Any]:
    """Remove an endpoint: its requests in flight finish, then its model servers stop."""
    with here.changing(name):
        record = find_record(here, name)
        # In this order: a process killed in between leaves an endpoint that serves nothing and can be deleted.
        here.deployments.delete(name)
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
