from __future__ import annotations

from typing import Any

import pytest
from databricks.sdk.service.serving import ServingModelWorkloadType

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.endpoints.compute_rules import ELSEWHERE, MOST_VARIABLES, TYPES
from sandbox.workspace.endpoints.config_rules import check_config
from sandbox.workspace.endpoints.endpoint_bodies import EndpointConfig


def served(**fields: Any) -> dict[str, Any]:
    sent = {"entity_name": "prod.chatbot.bot", "entity_version": "7", **fields}
    return dict(check_config(EndpointConfig.model_validate({"served_entities": [sent]})).served_entities[0])


def concurrency(low: int | None, high: int | None) -> dict[str, Any]:
    return {"min_provisioned_concurrency": low, "max_provisioned_concurrency": high}


def test_the_types_are_those_of_databricks_own_client() -> None:
    assert set(TYPES) == {kind.value for kind in ServingModelWorkloadType}


@pytest.mark.parametrize("kind", sorted(set(TYPES) - ELSEWHERE))
@pytest.mark.parametrize("size", ["Small", "Medium", "Large"])
def test_each_size_goes_with_each_type_that_azure_has(kind: str, size: str) -> None:
    entity = served(workload_type=kind, workload_size=size)
    assert (entity["workload_type"], entity["workload_size"]) == (kind, size)


@pytest.mark.parametrize("kind", sorted(ELSEWHERE))
def test_a_type_that_azure_has_not_is_refused_in_databricks_words(kind: str) -> None:
    with pytest.raises(ApiError, match=f"Workload type '{kind}' with size 'Small' is not supported. Please choose"):
        served(workload_type=kind)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (concurrency(4, 6), "max_provisioned_concurrency: a multiple of 4, found 6"),
        (concurrency(2, 8), "min_provisioned_concurrency: a multiple of 4, found 2"),
        (concurrency(-4, 8), "min_provisioned_concurrency: 0 to"),
        (concurrency(8, 4), "min_provisioned_concurrency: at most max_provisioned_concurrency, 4, found 8"),
        (concurrency(0, 0), "max_provisioned_concurrency: more than 0, found 0"),
        (concurrency(4, 1028), "max_provisioned_concurrency: at most 1024, found 1028"),
        (concurrency(4, None), "max_provisioned_concurrency: it is required with min"),
        (concurrency(None, 4), "min_provisioned_concurrency: it is required with max"),
        (concurrency(4, 8) | {"workload_size": "Small"}, "found workload_size beside min_provisioned_concurrency"),
        ({"min_provisioned_throughput": 9, "max_provisioned_throughput": 8}, "min_provisioned_throughput: at most"),
        ({"max_provisioned_throughput": 0}, "max_provisioned_throughput: more than 0"),
        ({"max_provisioned_throughput": 5, "workload_size": "Small"}, "found workload_size beside min_provisioned_thr"),
        ({"provisioned_model_units": 0}, "provisioned_model_units: 1 or more, found 0"),
        ({"provisioned_model_units": 9, "max_provisioned_throughput": 9}, "beside provisioned_model_units"),
        ({"instance_profile_arn": "arn:aws:iam::1:instance-profile/x"}, "a workspace on Azure has none"),
        ({"environment_vars": {"A": "x" * MOST_VARIABLES}}, "bytes in all, found"),
    ],
)
def test_compute_that_cannot_be_had_is_refused_by_field(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError, match=message) as refusal:
        served(**fields)
    assert (refusal.value.status, refusal.value.code) == (400, "INVALID_PARAMETER_VALUE")
    assert refusal.value.message.startswith("served_entities[0]")


def test_a_concurrency_stands_in_for_a_size_and_is_kept() -> None:
    entity = served(**concurrency(0, 1024), scale_to_zero_enabled=True)
    assert "workload_size" not in entity
    assert (entity["min_provisioned_concurrency"], entity["max_provisioned_concurrency"]) == (0, 1024)


@pytest.mark.parametrize(
    "fields",
    [
        {"min_provisioned_throughput": 0, "max_provisioned_throughput": 970},
        {"provisioned_model_units": 50, "burst_scaling_enabled": False},
    ],
)
def test_throughput_stands_in_for_size_and_type(fields: dict[str, Any]) -> None:
    entity = served(**fields)
    assert fields.items() <= entity.items()
    assert {"workload_size", "workload_type"}.isdisjoint(entity)
