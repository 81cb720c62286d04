"""What the AI Gateway does with an endpoint's traffic: what the stack says, beside all else that is set of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi_databricks as databricks

from infra import naming
from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.endpoint_schema import Endpoint, RateLimit
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops.commands import Commands

PLACE = ("catalog_name", "schema_name", "table_name_prefix")
KEYS = {"endpoint": "endpoint", "user": "user", "group": "user_group", "principal": "service_principal"}
"""What the REST API calls those for whom a limit is."""


def gateway(
    endpoint: Endpoint, live: LiveEndpoint, name: str, table_schema: tuple[str, str]
) -> databricks.ModelServingAiGatewayArgs | None:
    """Make the gateway of the endpoint `name`, whose table is in `table_schema`; None where nobody set any."""
    settings, said = live.gateway, endpoint.gateway
    if said.usage_tracking is not None:
        settings["usage_tracking_config"] = databricks.ModelServingAiGatewayUsageTrackingConfigArgs(
            enabled=said.usage_tracking
        )
    if said.rate_limits is not None:
        settings["rate_limits"] = _limits(said.rate_limits)
    if endpoint.records is not None:
        settings["inference_table_config"] = _inference_table(endpoint, name, *table_schema)
    return databricks.ModelServingAiGatewayArgs(**settings) if settings else None


def confirm(settings: Settings, live: Mapping[str, LiveEndpoint], commands: Commands) -> None:
    """Raise SettingsError where a table that is being written would move: Databricks takes that of none."""
    refused = []
    for name, model in settings.models.items():
        there = live[name].gateway.get("inference_table_config") or {}
        endpoint = model.endpoint
        if model.retired or not (endpoint.records and there.get("enabled")):
            continue
        found = tuple(str(there.get(key) or "") for key in PLACE)
        said = (*model.table_schema, _prefix(endpoint, model.endpoint_name(name)))
        if found != said:
            refused.append(
                told(
                    f"  rollpin:models.{name}.endpoint.gateway.inferenceTable",
                    f"{'.'.join(said)}, while {'.'.join(found)} is being written",
                    "the place where the table is, or none: Databricks moves no table that is switched on",
                    f"in {commands.file}, write where it is",
                    f"or switch it off first, by `inferenceTable: false` in place of both: {commands.up}",
                )
            )
    if refused:
        raise SettingsError("\n".join(["An inference table would move. No resource was touched.", *refused]))


def _prefix(endpoint: Endpoint, name: str) -> str:
    table = endpoint.gateway.inference_table
    return (table and table.prefix) or naming.inference_table_prefix(name)


def _limits(limits: Iterable[RateLimit]) -> list[databricks.ModelServingAiGatewayRateLimitArgs]:
    return [
        databricks.ModelServingAiGatewayRateLimitArgs(
            renewal_period="minute", key=KEYS[each.per], principal=each.name, calls=each.calls, tokens=each.tokens
        )
        for each in limits
    ]


def _inference_table(endpoint: Endpoint, name: str, catalog: str, schema: str) -> Any:
    """Every field is set, for those that are left out come back filled in, as a difference."""
    return databricks.ModelServingAiGatewayInferenceTableConfigArgs(
        enabled=endpoint.records,
        catalog_name=catalog,
        schema_name=schema,
        table_name_prefix=_prefix(endpoint, name),
    )
