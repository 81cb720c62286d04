"""What of an endpoint a stack can say, beside its name, and what it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from model_ops.adopting import entity_settings
from model_ops.adopting.entity_settings import EMPTY
from model_ops.served import Endpoint

TAG_KEY, TAG_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,127}"), re.compile(r"[^\x00-\x1f\x7f]{0,255}")
OWN_TAGS = ("model_version", "run_id", "retired")
"""Tags that a stack writes itself."""
OF_STACK = frozenset({"tags", "timeoutMinutes"})
"""Settings of an endpoint that are not read from it, or are said apart."""
TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,2000}")
UNSAID = ("rate_limits", "telemetry_config")
NOTIFIED = {"on_update_success": "onSuccess", "on_update_failure": "onFailure"}
PER = {"endpoint": "endpoint", "user": "user", "user_group": "group", "service_principal": "principal"}
"""What a stack calls those for whom the REST API's limits are."""


class Said:
    """An endpoint whose model is in `catalog` and `schema`, read for a stack with `tags` and `defaults` of its own."""

    def __init__(
        self, endpoint: Endpoint, catalog: str, schema: str, tags: Mapping[str, str], defaults: Mapping[str, Any]
    ) -> None:
        self._endpoint, self._stack_tags = endpoint, {**tags, **(defaults.get("tags") or {})}
        self._defaults = {key: value for key, value in (defaults.get("endpoint") or {}).items() if key not in OF_STACK}
        self._entities = endpoint["config"]["served_entities"]
        self._gateway = endpoint.get("ai_gateway") or {}
        self._place = (catalog, schema, str(endpoint["name"]).replace("-", "_"))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of `endpoint`, by their keys."""
        said = entity_settings.said(self._entities)
        said |= {key: value for key, value in self._made_with() if value}
        if self._table == self._place:
            said["inferenceTable"] = True
        elif self._defaults.get("inferenceTable") and not self._has_table:
            said["inferenceTable"] = False
        if gateway := self._gateway_settings():
            said["gateway"] = gateway
        if tags := {key: value for key, value in self._tags.items() if self._can_tag(key, value)}:
            said["tags"] = tags
        return said

    def unsaid(self) -> Iterator[str]:
        """What is set of the endpoint and is not in its settings."""
        for key, value in _beyond(self._defaults, self.settings):
            yield f"{key} of rollpin:defaults, which the next `up` sets: {value}"
        yield from entity_settings.unsaid(self._entities)
        said = dict(self._made_with())
        for key, setting in (("description", "description"), ("budget_policy_id", "budgetPolicy")):
            if self._endpoint.get(key) and setting not in said:
                yield f"{key}: {self._endpoint[key]}"
        yield from (f"{key}: {self._endpoint[key]}" for key in UNSAID if self._endpoint.get(key) not in EMPTY)
        covered = {*self._gateway_sources()}
        for key, value in sorted(self._gateway.items()):
            if value not in EMPTY and key not in covered:
                yield f"ai_gateway.{key}: {value}"
        for key, value in sorted(self._tags.items()):
            if not self._can_tag(key, value):
                yield f"the tag {key}: {value}, which the next `up` takes away"

    def _made_with(self) -> Iterator[tuple[str, Any]]:
        description = str(self._endpoint.get("description") or "")
        if TEXT.fullmatch(description):
            yield "description", description
        if re.fullmatch(
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(self._endpoint.get("budget_policy_id") or "")
        ):
            yield "budgetPolicy", self._endpoint["budget_policy_id"]
        told = self._endpoint.get("email_notifications") or {}
        yield "notifications", {NOTIFIED[key]: list(each) for key, each in told.items() if each and key in NOTIFIED}
        if self._endpoint.get("route_optimized"):
            yield "routeOptimized", True

    def _gateway_settings(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if tracking := self._gateway.get("usage_tracking_config"):
            said["usageTracking"] = bool(tracking.get("enabled"))
        if limits := self._limits():
            said["rateLimits"] = limits
        if self._table not in (None, self._place):
            said["inferenceTable"] = self._named_table()
        return said

    def _gateway_sources(self) -> Iterator[str]:
        """The parts of the gateway that its settings say whole."""
        said = self._gateway_settings()
        if "usageTracking" in said:
            yield "usage_tracking_config"
        if "rateLimits" in said:
            yield "rate_limits"
        if self._table is not None or not self._has_table:
            yield "inference_table_config"

    def _limits(self) -> list[dict[str, Any]]:
        """Its limits, or none where one of them cannot be said: a stack that says some takes the others away."""
        found = []
        for limit in self._gateway.get("rate_limits") or ():
            per, counted = PER.get(limit.get("key") or "endpoint"), [k for k in ("calls", "tokens") if limit.get(k)]
            if per is None or len(counted) != 1 or limit.get("renewal_period") != "minute":
                return []
            named = {"name": limit["principal"]} if limit.get("principal") else {}
            found.append({"per": per, **named, counted[0]: limit[counted[0]]})
        return found

    @property
    def _has_table(self) -> bool:
        return bool((self._gateway.get("inference_table_config") or {}).get("enabled"))

    @property
    def _table(self) -> tuple[str, str, str] | None:
        """Catalog, schema and prefix of the inference table; None where there is none, or none that a stack can say."""
        table = self._gateway.get("inference_table_config") or {}
        keys = ("catalog_name", "schema_name", "table_name_prefix")
        catalog, schema, prefix = (str(table.get(key) or "") for key in keys)
        sound = table.get("enabled") and catalog and schema and re.fullmatch(r"[a-z0-9_]{1,200}", prefix)
        return (catalog, schema, prefix) if sound else None

    def _named_table(self) -> dict[str, str]:
        """Where the table is, as far as that is not where a stack would have it by itself."""
        keys = ("catalog", "schema", "prefix")
        pairs = zip(keys, self._table or (), self._place, strict=False)
        return {key: found for key, found, own in pairs if found != own}

    @property
    def _tags(self) -> dict[str, str]:
        """The tags that are neither the stack's own nor written by every rollout."""
        found = {tag["key"]: str(tag.get("value") or "") for tag in self._endpoint.get("tags") or ()}
        return {key: v for key, v in found.items() if key not in OWN_TAGS and self._stack_tags.get(key) != v}

    def _can_tag(self, key: str, value: str) -> bool:
        return bool(TAG_KEY.fullmatch(key) and TAG_VALUE.fullmatch(value))


def _beyond(defaults: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What the defaults say and an endpoint has not, by its keys."""
    for key, value in defaults.items():
        if key not in said:
            # Of variables the names alone: who knows what is in them.
            yield key, ", ".join(sorted(value)) if key == "environment" else value
        elif key == "gateway":
            yield from ((f"{key}.{inner}", each) for inner, each in _beyond(value, said[key]))
