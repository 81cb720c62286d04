"""What Databricks asks of an endpoint's AI Gateway, before anything is changed."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.errors import exists, invalid
from sandbox.workspace.api.securable_names import valid
from sandbox.workspace.endpoints.endpoint_bodies import AiGateway, InferenceTable
from sandbox.workspace.endpoints.rate_limit_rules import check_rate_limits
from sandbox.workspace.search.index_records import KIND
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Workspace
from sandbox.workspace.tables.table_records import check_schema

SUFFIX = "_payload"
_PLACE = ("catalog_name", "schema_name", "table_name_prefix")


def check_gateway(workspace: Workspace, endpoint: str, sent: AiGateway, former: Document | None) -> dict[str, Any]:
    """Give an endpoint's AI Gateway as it is kept; raises ApiError for what cannot be. `former` is the one so far."""
    if sent.guardrails:
        raise invalid("ai_gateway.guardrails: endpoints that serve custom models have no guardrails.")
    check_rate_limits(workspace, sent.rate_limits or [])
    kept = sent.given()
    if sent.inference_table_config and sent.inference_table_config.enabled:
        _check_same_place(kept["inference_table_config"], (former or {}).get("inference_table_config"))
        _check_table(workspace, endpoint, sent.inference_table_config)
    return kept


def payload_table(endpoint: str, config: Document) -> str:
    """Name the payload table of an endpoint in full, from its inference table's config."""
    prefix = config.get("table_name_prefix") or endpoint
    return f"{config['catalog_name']}.{config['schema_name']}.{prefix}{SUFFIX}".lower()


def _check_table(workspace: Workspace, endpoint: str, table: InferenceTable) -> None:
    field = "ai_gateway.inference_table_config"
    if not (table.catalog_name and table.schema_name):
        raise invalid(f"{field}: catalog_name and schema_name are required when enabled.")
    check_schema(workspace, table.catalog_name, table.schema_name)
    prefix = table.table_name_prefix or endpoint
    if not valid(f"{prefix}{SUFFIX}"):
        raise invalid(f"{field}.table_name_prefix: {prefix[:80]!r} with {SUFFIX} at its end is not a valid table name.")
    _check_free(workspace, endpoint, payload_table(endpoint, table.given()))


def _check_free(workspace: Workspace, endpoint: str, full_name: str) -> None:
    held = workspace.documents.get("table", full_name) or workspace.documents.get(KIND, full_name)
    if held is not None and held.get("properties", {}).get("endpoint") != endpoint:
        raise exists(f"Table '{full_name}' already exists. Set another table_name_prefix.")


def _check_same_place(config: Document, former: Document | None) -> None:
    if not (former or {}).get("enabled"):
        return
    for name in _PLACE:
        before, after = (former or {}).get(name), config.get(name)
        if (before or "").lower() != (after or "").lower():
            raise invalid(
                f"ai_gateway.inference_table_config.{name}: it cannot change from {before!r} to {after!r} while the "
                "inference table is enabled. Disable it first."
            )
