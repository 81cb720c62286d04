"""How the AI Gateway and the tags of an endpoint differ from what was deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from model_ops.drift.difference import NOT_SET, Difference, difference, last_change
from model_ops.drift.state import Deployed
from model_ops.served import Endpoint

Part = Mapping[str, Any]
OFF = "off"
NOBODY_LIMITED = "none"
WHOSE = {"endpoint": "for all together", "user": "a user", "user_group": "for group", "service_principal": "for"}
"""For whom a limit is, by the REST API's word."""


def differences(deployed: Deployed, endpoint: Endpoint) -> Iterator[Difference]:
    """Compare gateway and tags."""
    said, found = deployed.value("aiGateway") or {}, endpoint.get("ai_gateway") or {}
    compared = (
        ("usage tracking", "usageTracking", _switch(said, "usageTrackingConfig"), _switch(found)),
        ("inference table", "inferenceTable", _table(said, "inferenceTableConfig"), _table(found)),
        ("rate limits", "rateLimits", _limits(said.get("rateLimits")), _limits(found.get("rate_limits"))),
        ("fallback", None, _switch(said, "fallbackConfig"), _switch(found, "fallback_config")),
    )
    last = last_change(deployed, endpoint.get("last_updated_timestamp"))
    for what, key, was, now in compared:
        if was != now:
            setting = key and f"endpoint.gateway.{key}"
            label = f"endpoint {deployed.id}: {what}"
            yield difference(deployed, "gateway", label, was, now, last=last, setting=setting)
    yield from _tags(deployed, endpoint)


def _tags(deployed: Deployed, endpoint: Endpoint) -> Iterator[Difference]:
    was, now = _by_key(deployed.value("tags")), _by_key(endpoint.get("tags"))
    last = last_change(deployed, endpoint.get("last_updated_timestamp"))
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            sides = [side.get(key, NOT_SET) or "empty" for side in (was, now)]
            yield difference(deployed, "tags", f"endpoint {deployed.id}: tag {key}", *sides, last=last)


def _by_key(tags: Iterable[Part] | None) -> dict[str, str]:
    return {str(each["key"]): str(each.get("value") or "") for each in tags or ()}


def _switch(gateway: Part, key: str = "usage_tracking_config") -> str:
    return "on" if (gateway.get(key) or {}).get("enabled") else OFF


def _table(gateway: Part, key: str = "inference_table_config") -> str:
    """Where it is written; a table that is off is as none, whatever place it still names."""
    table = {name.lower().replace("_", ""): value for name, value in (gateway.get(key) or {}).items()}
    place = ".".join(str(table.get(part) or "") for part in ("catalogname", "schemaname", "tablenameprefix"))
    return place if table.get("enabled") else OFF


def _limits(limits: Iterable[Part] | None) -> str:
    return "; ".join(sorted(_limit(each) for each in limits or ())) or NOBODY_LIMITED


def _limit(limit: Part) -> str:
    amounts = [f"{int(limit[unit])} {unit}" for unit in ("calls", "tokens") if limit.get(unit)]
    key = str(limit.get("key") or "endpoint")
    whom = f"{WHOSE.get(key, key)} {limit.get('principal') or ''}".strip()
    return f"{' and '.join(amounts)} a minute {whom}"
