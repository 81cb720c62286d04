"""How an endpoint is compared with its deployment: every difference is told, a default is none, no value is shown."""

from __future__ import annotations

from typing import Any

import pytest

from model_ops.drift import endpoint_entities, endpoint_gateway, endpoint_traffic
from model_ops.drift.difference import Difference
from model_ops.drift.state import HIDDEN, Deployed
from model_ops.served import Canary, Expected

MODEL = "prod.rag.bot"
REFERENCE = "{{secrets/rag/token}}"


def deployed(gateway: dict[str, Any] | None = None, **entity: Any) -> Deployed:
    said = {"entityName": MODEL, "entityVersion": "7", "name": "bot-v7", "workloadSize": "Small", **entity}
    inputs = {"config": {"servedEntities": [said]}, "tags": [{"key": "team", "value": "rag"}]}
    return Deployed(
        type="ModelServing",
        name="bot-endpoint",
        id="bot",
        model="bot",
        inputs=inputs | ({"aiGateway": gateway} if gateway else {}),
    )


def endpoint(shares: dict[int, int] | None = None, gateway: dict[str, Any] | None = None, **entity: Any) -> Any:
    shares = shares or {7: 100}
    entities = [
        {"entity_name": MODEL, "entity_version": str(each), "name": f"bot-v{each}", "workload_size": "Small", **entity}
        for each in shares
    ]
    routes = [{"served_model_name": f"bot-v{each}", "traffic_percentage": share} for each, share in shares.items()]
    config = {"served_entities": entities, "traffic_config": {"routes": routes}}
    return {"config": config, "ai_gateway": gateway or {}, "tags": [{"key": "team", "value": "rag"}]}


def variables(value: str) -> dict[str, Any]:
    return {"environment_vars": {"A": value}}


def told(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(each.what.removeprefix("endpoint bot: "), each.deployed, each.found) for each in found]


@pytest.mark.parametrize(
    ("said", "found", "what"),
    [
        ({}, {"workload_size": "Large"}, "workload size: Small, Large"),
        ({"scaleToZeroEnabled": False}, {"scale_to_zero_enabled": True}, "scale to zero: off, on"),
        ({}, variables("x"), "variable A: not set, a text"),
        ({"environmentVars": {"A": "x"}}, variables("y"), "variable A: a text, another text"),
        ({"environmentVars": {"A": HIDDEN}}, {}, "variable A: a text that is kept secret, not set"),
        ({"environmentVars": {"A": REFERENCE}}, variables("x"), f"variable A: {REFERENCE}, a text"),
    ],
)
def test_what_was_changed_of_a_version_is_told_by_names(said: Any, found: Any, what: str) -> None:
    (name, was, now), *more = told(list(endpoint_entities.differences(deployed(**said), endpoint(**found))))

    assert (f"{name.removesuffix(' of version 7')}: {was}, {now}", more) == (what, [])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, {"workload_type": "CPU", "min_provisioned_concurrency": 0, "max_provisioned_concurrency": 4}),
        ({"scaleToZeroEnabled": False}, {}),
        ({"environmentVars": {"A": HIDDEN}}, {"environment_vars": {"A": "whatever it is"}}),
    ],
)
def test_what_the_workspace_shows_by_itself_is_no_difference(said: Any, found: Any) -> None:
    assert list(endpoint_entities.differences(deployed(**said), endpoint(**found))) == []


@pytest.mark.parametrize(
    ("shares", "kinds", "found"),
    [
        ({6: 100}, ["pin"], "version 6"),
        ({7: 90, 8: 10}, ["traffic"], "version 7 (90 %), version 8 (10 %)"),
        ({7: 100, 6: 0}, ["warm versions"], "6"),
        ({7: 100}, [], None),
    ],
)
def test_pin_traffic_and_warm_versions_are_told_apart(shares: dict[int, int], kinds: list[str], found: str) -> None:
    expected = Expected(endpoint="bot", model=MODEL, version=7)
    differences = list(endpoint_traffic.differences(deployed(), endpoint(shares), expected))

    assert [each.kind for each in differences] == kinds
    assert [each.found for each in differences] == ([found] if kinds else [])


def test_a_canary_and_a_standby_that_serve_as_pinned_are_no_difference() -> None:
    expected = Expected(endpoint="bot", model=MODEL, version=7, canary=Canary(version=8, percent=10), warm=(6,))

    assert list(endpoint_traffic.differences(deployed(), endpoint({7: 90, 8: 10, 6: 0}), expected)) == []


def test_gateway_and_tags_are_compared() -> None:
    limits = [{"calls": 60, "key": "user", "renewal_period": "minute"}]
    there = endpoint(gateway={"usage_tracking_config": {"enabled": True}, "rate_limits": limits})
    there["tags"] = [{"key": "owner", "value": "me"}]

    assert told(list(endpoint_gateway.differences(deployed(), there))) == [
        ("usage tracking", "off", "on"),
        ("rate limits", "none", "60 calls a minute a user"),
        ("tag owner", "not set", "me"),
        ("tag team", "rag", "not set"),
    ]


def test_a_table_that_is_off_is_as_none() -> None:
    off = {"inference_table_config": {"enabled": False, "catalog_name": "prod", "schema_name": "rag"}}

    assert list(endpoint_gateway.differences(deployed(), endpoint(gateway=off))) == []
