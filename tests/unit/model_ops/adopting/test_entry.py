"""An endpoint that exists, as an entry of a stack file: what is said, what is left unsaid, what cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from model_ops.errors import PlanError
from tests.unit.model_ops.adopting.endpoints import entity, read


def test_a_plain_endpoint_is_said_whole() -> None:
    entry = read(entity(7))

    assert entry.name == "churn"
    assert entry.settings == {
        "catalog": "main",
        "schema": "shared",
        "createSchema": False,
        "adopt": True,
        "servedVersion": 7,
        "experiment": {"name": "/Shared/churn"},
        "endpoint": {"name": "scores", "workloadSize": "Small", "scaleToZero": False},
    }
    assert entry.unsaid == ()


@pytest.mark.parametrize(
    ("shares", "pins"),
    [
        ((100, 0), {"servedVersion": 7, "warmVersions": [7, 8]}),
        ((0, 100), {"servedVersion": 8, "warmVersions": [7, 8]}),
        ((90, 10), {"servedVersion": 7, "canary": {"version": 8, "percent": 10}}),
        ((20, 80), {"servedVersion": 8, "canary": {"version": 7, "percent": 20}}),
        ((50, 50), {"servedVersion": 7, "canary": {"version": 8, "percent": 50}}),
    ],
)
def test_the_pin_is_what_has_most_of_the_traffic(shares: tuple[int, int], pins: Mapping[str, Any]) -> None:
    settings = read(entity(7), entity(8), shares=shares).settings

    assert {key: settings[key] for key in ("servedVersion", "warmVersions", "canary") if key in settings} == pins


def test_it_agrees_with_the_stacks_other_models_of_its_schema() -> None:
    settings = read(entity(7), places={("main", "shared"): (True, True)}).settings

    assert settings["createCatalog"] is True
    assert "createSchema" not in settings


def test_where_no_experiment_is_known_none_is_made() -> None:
    settings = read(entity(7), experiment=None).settings

    assert settings["createExperiment"] is False
    assert "experiment" not in settings


def test_what_no_stack_can_say_is_listed_and_no_variables_value_is_shown() -> None:
    limits = [{"calls": 6, "renewal_period": "hour"}, {"calls": 9, "renewal_period": "minute"}]
    entry = read(
        entity(7, environment_vars={"TOKEN": "hunter2", "INDEX": "docs"}, workload_type="TPU"),
        description="one\ntwo",
        telemetry_config={"telemetry_profile_id": "p"},
        ai_gateway={"rate_limits": limits, "guardrails": {"input": {"safety": True}}},
        tags=[
            {"key": "owner", "value": "them"},
            {"key": "a tag", "value": "x"},
            {"key": "model_version", "value": "7"},
        ],
    )

    assert entry.unsaid == (
        "workload_type of version 7: TPU",
        "environment_vars of version 7: INDEX, TOKEN",
        "description: one\ntwo",
        "telemetry_config: {'telemetry_profile_id': 'p'}",
        "ai_gateway.guardrails: {'input': {'safety': True}}",
        f"ai_gateway.rate_limits: {limits}",
        "the tag a tag: x, which the next `up` takes away",
    )
    assert entry.settings["endpoint"] == {
        "name": "scores",
        "workloadSize": "Small",
        "scaleToZero": False,
        "tags": {"owner": "them"},
    }
    assert "hunter2" not in str(entry)


def test_what_a_stack_can_say_is_said() -> None:
    limits = [
        {"calls": 6, "renewal_period": "minute"},
        {"tokens": 9, "key": "user_group", "principal": "askers", "renewal_period": "minute"},
    ]
    table = {"enabled": True, "catalog_name": "main", "schema_name": "logs", "table_name_prefix": "scores"}
    entry = read(
        entity(7, workload_type="GPU_SMALL", workload_size="Large"),
        description="scores",
        budget_policy_id="11111111-2222-3333-4444-555555555555",
        route_optimized=True,
        email_notifications={"on_update_failure": ["ml@example.com"], "on_update_success": []},
        ai_gateway={
            "rate_limits": limits,
            "usage_tracking_config": {"enabled": True},
            "inference_table_config": table,
        },
    )

    assert entry.settings["endpoint"] == {
        "name": "scores",
        "workloadType": "GPU_SMALL",
        "workloadSize": "Large",
        "scaleToZero": False,
        "description": "scores",
        "budgetPolicy": "11111111-2222-3333-4444-555555555555",
        "notifications": {"onFailure": ["ml@example.com"]},
        "routeOptimized": True,
        "gateway": {
            "usageTracking": True,
            "rateLimits": [{"per": "endpoint", "calls": 6}, {"per": "group", "name": "askers", "tokens": 9}],
            "inferenceTable": {"schema": "logs"},
        },
    }
    assert entry.unsaid == ()


RANGES = [
    ({"min_provisioned_concurrency": 4, "max_provisioned_concurrency": 16}, {"concurrency": {"min": 4, "max": 16}}),
    ({"min_provisioned_concurrency": 3, "max_provisioned_concurrency": 16}, {}),
    (
        {"max_provisioned_throughput": 9500, "workload_type": "GPU_SMALL", "burst_scaling_enabled": False},
        {"throughput": {"min": 0, "max": 9500}, "burstScaling": False},
    ),
]


@pytest.mark.parametrize(("given", "said"), RANGES)
def test_what_is_provisioned_in_another_way_than_by_a_size_is_said(
    given: Mapping[str, Any], said: Mapping[str, Any]
) -> None:
    entry = read(entity(7, workload_size="", **given))

    assert entry.settings["endpoint"] == {"name": "scores", **said, "scaleToZero": False}
    assert (entry.unsaid == ()) is bool(said) or "workload_type" in str(entry.unsaid)


def test_variables_that_all_versions_have_are_said_once_and_the_others_by_version() -> None:
    seven = entity(7, environment_vars={"INDEX": "docs", "TOKEN": "{{secrets/a/b}}"})
    eight = entity(8, environment_vars={"INDEX": "docs", "RERANK": "1"})

    said = read(seven, eight, shares=(100, 0)).settings["endpoint"]

    assert said["environment"] == {"INDEX": "docs"}
    assert said["environmentOf"] == {7: {"TOKEN": "{{secrets/a/b}}"}, 8: {"RERANK": "1"}}


def test_where_one_variable_cannot_be_said_none_is_for_they_would_be_taken_away() -> None:
    seven = entity(7, environment_vars={"INDEX": "docs", "DB_PASSWORD": "hunter2"})

    entry = read(seven, entity(8, environment_vars={"RERANK": "1"}), shares=(100, 0))

    assert "environment" not in str(entry.settings)
    assert entry.unsaid == (
        "environment_vars of version 7: DB_PASSWORD, INDEX",
        "environment_vars of version 8: RERANK",
    )


def test_the_stacks_own_tags_are_not_said_again() -> None:
    assert "tags" not in read(entity(7), tags=[{"key": "team", "value": "ours"}]).settings["endpoint"]


def test_sizes_that_differ_or_have_no_word_stay_unsaid() -> None:
    entry = read(entity(7, workload_size="Large"), entity(8, workload_size="Small"), shares=(100, 0))

    assert "workloadSize" not in entry.settings["endpoint"]
    assert "workload_size of version 7: Large" in entry.unsaid
    assert "workloadSize" not in read(entity(7, workload_size="X-Large")).settings["endpoint"]


@pytest.mark.parametrize(("prefix", "said"), [("scores", True), ("mine", False), ("Mine", None)])
def test_a_table_is_the_stacks_where_it_is_the_one_that_a_stack_would_make(prefix: str, said: bool | None) -> None:
    table = {"enabled": True, "catalog_name": "main", "schema_name": "shared", "table_name_prefix": prefix}
    entry = read(entity(7), ai_gateway={"inference_table_config": table})

    assert ("inferenceTable" in entry.settings["endpoint"]) is (said is True)
    assert entry.settings["endpoint"].get("gateway") == (
        {"inferenceTable": {"prefix": "mine"}} if said is False else None
    )
    assert any("inference_table_config" in line for line in entry.unsaid) is (said is None)


@pytest.mark.parametrize(
    ("entities", "shares", "reason"),
    [
        ([], (), "it serves nothing yet"),
        ([entity(7), entity(8, entity_name="main.shared.other")], (50, 50), "it serves 2 registered models"),
        ([{"name": "gpt", "external_model": {"name": "gpt"}}], (100,), "a foundation or an external model"),
        ([entity(7, entity_name="churn")], (100,), "its model churn is not in Unity Catalog"),
        ([entity(7, entity_name="main.shared.Churn")], (100,), "its model is called Churn"),
        ([entity(7), entity(7, name="again")], (50, 50), "it serves one version by two entities"),
        ([entity(6), entity(7), entity(8)], (40, 30, 30), "3 versions share its traffic"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_with_the_reason(
    entities: list[dict[str, Any]], shares: tuple[int, ...], reason: str
) -> None:
    with pytest.raises(PlanError, match=f"Endpoint scores cannot be an entry of a stack: .*{reason}"):
        read(*entities, shares=shares)


def test_a_second_endpoint_of_a_model_is_an_entry_by_the_endpoints_name_that_only_uses_the_model() -> None:
    entry = read(entity(7), taken=("churn",), created=("main.shared.churn",))

    assert entry.name == "scores"
    assert (entry.settings["model"], entry.settings["createModel"]) == ("churn", False)
    assert read(entity(7), taken=("churn", "scores")).name == "scores-2"


def test_a_model_whose_name_no_entry_could_have_is_named_by_the_entry() -> None:
    long = "a" * 80
    entry = read(entity(7, entity_name=f"main.shared.{long}"))

    assert (entry.name, entry.settings["model"]) == ("scores", long)
