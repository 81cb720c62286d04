"""An endpoint that is there already: what somebody set of it by hand stays, whatever a rollout changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime import rpc

from tests.stacks.churn import MODEL, Churn, endpoint, entity, tags
from tests.stacks.recorded import Stack


def served(made: Stack) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = made.one("ModelServing").inputs["config"]["servedEntities"]
    return found


def test_a_rollback_keeps_the_environment_and_the_sizes_that_were_set_by_hand(churn: Churn) -> None:
    by_hand = {"environment_vars": {"INDEX": "docs"}, "workload_size": "Medium", "workload_type": "GPU_SMALL"}

    (found,) = served(churn("servedVersion: 1", endpoint(entity(2, **by_hand))))

    assert found == {
        "name": "churn-v1",
        "entityName": MODEL,
        "entityVersion": "1",
        "environmentVars": {"INDEX": "docs"},
        "workloadSize": "Medium",
        "workloadType": "GPU_SMALL",
        "scaleToZeroEnabled": False,
    }


def test_each_version_that_is_deployed_keeps_its_own_environment(churn: Churn) -> None:
    live = endpoint(entity(2, environment_vars={"A": "2"}), entity(1, environment_vars={"A": "1"}))

    found = served(churn("servedVersion: 3, warmVersions: [1, 2]", live))

    assert [each["environmentVars"] for each in found] == [{"A": "1"}, {"A": "2"}, {"A": "2"}]


@pytest.mark.parametrize(
    ("variable", "hidden"),
    [({"TOKEN": "set by hand"}, True), ({"INDEX": "docs"}, False), ({"TOKEN": "{{secrets/churn/token}}"}, False)],
)
def test_only_a_credential_that_was_set_by_hand_is_a_secret_to_the_engine(
    churn: Churn, variable: dict[str, str], hidden: bool
) -> None:
    config = (
        churn("servedVersion: 1", endpoint(entity(2, environment_vars=variable))).one("ModelServing").inputs["config"]
    )

    assert rpc.is_rpc_secret(config) is hidden
    (kept,) = rpc.unwrap_rpc_secret(config)["servedEntities"]
    assert kept["environmentVars"] == variable


def test_what_the_stack_says_goes_before_what_was_set_by_hand(churn: Churn) -> None:
    live = endpoint(entity(2, workload_size="Large", scale_to_zero_enabled=True))

    (found,) = served(churn("servedVersion: 2, endpoint: {workloadSize: Small, scaleToZero: false}", live))

    assert (found["workloadSize"], found["scaleToZeroEnabled"]) == ("Small", False)


@pytest.mark.parametrize(
    ("setting", "size"),
    [
        ("", {"minProvisionedConcurrency": 4, "maxProvisionedConcurrency": 8}),
        ("workloadSize: Large", {"workloadSize": "Large"}),
    ],
)
def test_an_entity_takes_one_kind_of_size(churn: Churn, setting: str, size: dict[str, Any]) -> None:
    live = endpoint(entity(2, workload_size=None, min_provisioned_concurrency=4, max_provisioned_concurrency=8))

    (found,) = served(churn(f"servedVersion: 2, endpoint: {{{setting}}}", live))

    assert {key: value for key, value in found.items() if "Size" in key or "Provisioned" in key} == size


@pytest.mark.parametrize("calls", [60, 0])
def test_rate_limits_and_usage_tracking_stay_beside_the_stacks_own_table(churn: Churn, calls: int) -> None:
    limits = [{"calls": calls, "key": "user", "renewal_period": "minute"}]
    live = endpoint(entity(2), ai_gateway={"rate_limits": limits, "usage_tracking_config": {"enabled": True}})

    gateway = churn("servedVersion: 2, endpoint: {inferenceTable: true}", live).one("ModelServing").inputs["aiGateway"]

    assert gateway == {
        "rateLimits": [{"calls": calls, "key": "user", "renewalPeriod": "minute"}],
        "usageTrackingConfig": {"enabled": True},
        "inferenceTableConfig": {
            "enabled": True,
            "catalogName": "main",
            "schemaName": "shared",
            "tableNamePrefix": "churn",
        },
    }


def test_what_is_set_of_the_endpoint_itself_stays(churn: Churn) -> None:
    live = endpoint(
        entity(2),
        description="scores churn",
        budget_policy_id="b1",
        route_optimized=True,
        email_notifications={"on_update_failure": ["ops@example.com"]},
    )

    inputs = churn("servedVersion: 1", live).one("ModelServing").inputs

    assert inputs["routeOptimized"] is True
    assert inputs["description"] == "scores churn"
    assert inputs["budgetPolicyId"] == "b1"
    assert inputs["emailNotifications"] == {"onUpdateFailures": ["ops@example.com"]}


def test_without_an_endpoint_a_new_one_is_small_and_does_not_sleep(churn: Churn) -> None:
    made = churn("servedVersion: 2")

    assert served(made) == [
        {
            "name": "churn-v2",
            "entityName": MODEL,
            "entityVersion": "2",
            "workloadSize": "Small",
            "scaleToZeroEnabled": False,
        }
    ]
    assert "aiGateway" not in made.one("ModelServing").inputs


def test_a_version_that_is_deployed_keeps_its_entitys_name_unless_that_tells_of_another_version(
    churn: Churn,
) -> None:
    kept = served(churn("servedVersion: 2, warmVersions: [1]", endpoint(entity(2, "churn-2"))))
    taken = served(churn("servedVersion: 2, warmVersions: [1]", endpoint(entity(2, "churn-v1"))))

    assert [each["name"] for each in kept] == ["churn-v1", "churn-2"]
    assert [each["name"] for each in taken] == ["churn-v1", "churn-v2"]


def test_entities_and_routes_stay_in_their_order_while_the_same_versions_are_deployed(
    churn: Churn,
) -> None:
    live = endpoint(entity(3), entity(1))

    same = churn("servedVersion: 1, warmVersions: [3]", live).one("ModelServing").inputs["config"]
    more = served(churn("servedVersion: 1, warmVersions: [2, 3]", live))

    assert [each["entityVersion"] for each in same["servedEntities"]] == ["3", "1"]
    assert [(each["servedModelName"], each["trafficPercentage"]) for each in same["trafficConfig"]["routes"]] == [
        ("churn-v3", 0),
        ("churn-v1", 100),
    ]
    assert [each["entityVersion"] for each in more] == ["1", "2", "3"]


def test_an_endpoint_that_no_rollout_has_changed_yet_is_not_tagged_until_one_does(churn: Churn) -> None:
    live = endpoint(entity(2, "churn-2"), tags={"team": "churn"})

    untouched = churn("servedVersion: 2, endpoint: {tags: {team: churn}}", live).one("ModelServing")
    changed = churn("servedVersion: 1", live).one("ModelServing")

    assert tags(untouched) == {"team": "churn"}
    assert tags(changed) == {"model_version": "1", "run_id": "run-1"}
