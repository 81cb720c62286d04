"""Resources as the program makes them, for rules to look at, each with what a test changes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from policy.circumstances import Circumstances
from policy.kinds import ENDPOINT
from policy.resource import Removal, Resource, Untold
from policy.rule import Rule

TODAY = date(2026, 11, 28)
PRODUCTION = Circumstances(
    stack="prod",
    today=TODAY,
    production=True,
    required_tags=("environment",),
    elsewhere={"test": "test"},
    owners=frozenset({"a@b.example"}),
)
THROWN_AWAY = Circumstances(stack="local", today=TODAY, protected=False, required_tags=("environment",))


def entity(**changed: Any) -> dict[str, Any]:
    name = {"name": "bot-v7", "entityName": "prod.serving.bot", "entityVersion": "7"}
    return {**name, "scaleToZeroEnabled": False, "workloadSize": "Small", **changed}


def route(name: str = "bot-v7", share: Any = 100) -> dict[str, Any]:
    return {"servedModelName": name, "trafficPercentage": share}


def endpoint(*entities: dict[str, Any], routes: Any = None, **changed: Any) -> Resource:
    config = {
        "servedEntities": list(entities or [entity()]),
        "trafficConfig": {"routes": [route()] if routes is None else routes},
    }
    inputs = {
        "name": "bot",
        "config": config,
        "tags": [{"key": "environment", "value": "prod"}],
        "aiGateway": {"inferenceTableConfig": {"enabled": True}},
    }
    return resource(ENDPOINT, **{**inputs, **changed})


def resource(kind: str, **inputs: Any) -> Resource:
    return Resource(type=kind, name="bot-endpoint", inputs=inputs)


def removal(of: Resource, operation: str = "delete") -> Removal:
    return Removal(operation=operation, resource=of)


def found(rule: Rule, of: Resource | Removal, stack: Circumstances = PRODUCTION) -> list[str | Untold]:
    return list(rule.look(of, stack))
