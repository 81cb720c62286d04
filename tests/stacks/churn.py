"""A stack of one model on a workspace where the model's endpoint is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.stacks.recorded import Registered, Stack, version

Churn = Callable[..., Stack]
HOST = "https://adb-1.1.azuredatabricks.net"
MODEL = "main.shared.churn"
ENDPOINT = "/api/2.0/serving-endpoints/churn"
SECRETS = {"/api/2.0/secrets/list?scope=churn": {"secrets": [{"key": "token"}]}}
VERSIONS = {MODEL: [version(number) for number in range(1, 5)]}


def entity(number: int, name: str = "", **settings: Any) -> dict[str, Any]:
    return {
        "name": name or f"churn-v{number}",
        "entity_name": MODEL,
        "entity_version": str(number),
        "workload_size": "Small",
        "workload_type": "CPU",
        "scale_to_zero_enabled": False,
        "state": {"deployment": "DEPLOYMENT_READY"},
        "creator": "somebody@example.com",
        **settings,
    }


def endpoint(*entities: Mapping[str, Any], tags: Mapping[str, str] | None = None, **rest: Any) -> dict[str, Any]:
    """An endpoint whose first entity takes all the traffic."""
    shares = [100] + [0] * (len(entities) - 1)
    routes = [
        {"served_entity_name": each["name"], "traffic_percentage": share}
        for each, share in zip(entities, shares, strict=True)
    ]
    return {
        "id": "e1",
        "name": "churn",
        "config": {"served_entities": list(entities), "traffic_config": {"routes": routes}},
        "tags": [{"key": key, "value": value} for key, value in (tags or {"model_version": "2"}).items()],
        **rest,
    }


def tags(made: Registered) -> dict[str, str]:
    """The tags that an endpoint is given, by their keys."""
    return {tag["key"]: tag["value"] for tag in made.inputs["tags"]}
