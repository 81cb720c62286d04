"""An endpoint's AI Gateway at work: its payload table in Unity Catalog, and what the router is asked to do."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.endpoints.endpoint_records import all_records
from sandbox.workspace.endpoints.gateway_rules import payload_table
from sandbox.workspace.endpoints.rate_limit_rules import binding
from sandbox.workspace.identity.principals import find, groups_of
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Workspace
from sandbox.workspace.tables.table_records import add_table, directory

COLUMNS = (
    ("databricks_request_id", "string", "The id of the request, which its answer has in the header x-request-id."),
    ("request_date", "date", "The day of the request, in UTC."),
    ("client_request_id", "string", "What the request's body says as client_request_id."),
    ("request_time", "timestamp", "When the request came."),
    ("status_code", "int", "The status of the answer."),
    ("sampling_fraction", "double", "The share of the requests that is written down."),
    ("execution_duration_ms", "bigint", "Milliseconds for which the model had the request."),
    ("request", "string", "The request's body."),
    ("response", "string", "The answer's body."),
    ("logging_error_codes", "array<string>", "MAX_REQUEST_SIZE_EXCEEDED and MAX_RESPONSE_SIZE_EXCEEDED."),
    ("served_entity_id", "string", "The id of the served entity that answered."),
    ("requester", "string", "Who asked."),
)


def set_up(workspace: Workspace, record: Document) -> None:
    """Make an endpoint's payload table if it is to have one, and have the router do what its gateway asks."""
    table = _table(record)
    if table is not None and workspace.documents.get("table", table) is None:
        comment = f"What the serving endpoint {record['name']} was asked, and what it answered."
        add_table(workspace, table, COLUMNS, {"comment": comment, "properties": {"endpoint": record["name"]}})
    workspace.deployments.put_gateway(record["name"], _asked(workspace, record))


def take_down(workspace: Workspace, name: str) -> None:
    """Have the router forget the gateway of an endpoint that is gone; its payload table stays."""
    workspace.deployments.put_gateway(name, {})


def set_up_all(workspace: Workspace) -> None:
    """Have the router do what all gateways ask: it may have missed what was being set when a former API ended."""
    asked = {record["name"]: _asked(workspace, record) for record in all_records(workspace)}
    workspace.deployments.put_gateways(asked)


def _asked(workspace: Workspace, record: Document) -> dict[str, Any]:
    table = _table(record)
    limits = (record.get("ai_gateway") or {}).get("rate_limits", [])
    fields = ("key", "principal", "calls", "tokens")
    held = binding(limits, ADMIN, _groups(workspace))
    return {
        "limits": [{"key": "endpoint"} | {name: limit[name] for name in fields if name in limit} for limit in held],
        "table": str(directory(workspace, table)) if table else None,
        # Databricks does not tell it of route-optimised endpoints.
        "requester": None if record.get("route_optimized") else ADMIN,
    }


def _table(record: Document) -> str | None:
    config = (record.get("ai_gateway") or {}).get("inference_table_config") or {}
    return payload_table(record["name"], config) if config.get("enabled") else None


def _groups(workspace: Workspace) -> list[str]:
    found = find(workspace.documents, "Users", ADMIN)
    return [group["display"] for group in groups_of(workspace.documents, found[0])] if found else []
