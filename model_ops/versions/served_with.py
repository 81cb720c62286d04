"""What a version is served with: hardware, size, the names of its variables, and what its endpoint lets through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from model_ops.served import Endpoint

REFERENCE = re.compile(r"\{\{secrets/[^/{}]+/[^/{}]+\}\}")
LIMITED = {"user": "each user", "user_group": "group", "service_principal": "principal"}


def served_with(endpoint: Endpoint | None, model: str, version: int) -> dict[str, str]:
    """What the active config says of a version of `model`, by what it is called; empty where it is not deployed.

    Of a variable that is no reference to a secret the name alone: who knows what is in it.
    """
    config = (endpoint or {}).get("config") or {}
    entities = config.get("served_entities") or ()
    mine = [
        entity
        for entity in entities
        if entity.get("entity_name") == model and str(entity.get("entity_version")) == str(version)
    ]
    if not mine:
        return {}
    return {name: text for name, text in (*_entity(mine[0]), *_gateway(endpoint or {})) if text}


def _entity(entity: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "served entity", str(entity.get("name") or "")
    yield "workload", f"{entity.get('workload_type') or 'CPU'}, {_size(entity)}"
    yield "scales to zero", "yes" if entity.get("scale_to_zero_enabled") else "no"
    for name, value in sorted((entity.get("environment_vars") or {}).items()):
        yield f"variable {name}", str(value) if REFERENCE.fullmatch(str(value)) else "set"


def _size(entity: Mapping[str, Any]) -> str:
    for unit, words in (("concurrency", "requests at once"), ("throughput", "tokens a second")):
        if most := entity.get(f"max_provisioned_{unit}"):
            return f"{entity.get(f'min_provisioned_{unit}') or 0} to {most} {words}"
    return str(entity.get("workload_size") or "no size")


def _gateway(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    gateway = endpoint.get("ai_gateway") or {}
    limits = [_limit(each) for each in gateway.get("rate_limits") or ()]
    yield "limits", "; ".join(limits)
    yield "usage tracking", "on" if (gateway.get("usage_tracking_config") or {}).get("enabled") else ""
    table = gateway.get("inference_table_config") or {}
    if table.get("enabled"):
        place = ".".join(str(table.get(key) or "?") for key in ("catalog_name", "schema_name", "table_name_prefix"))
        yield "inference table", f"{place}_payload"


def _limit(limit: Mapping[str, Any]) -> str:
    counted = f"{limit['calls']} calls" if limit.get("calls") else f"{limit.get('tokens') or 0} tokens"
    whose = LIMITED.get(str(limit.get("key") or "endpoint"), "all together")
    return f"{counted} a {limit.get('renewal_period') or 'minute'} for {whose} {limit.get('principal') or ''}".strip()
