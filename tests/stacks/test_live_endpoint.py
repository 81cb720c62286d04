"""An endpoint that is there already: what somebody set of it by hand stays, whatever a rollout changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.recorded import Registered, Stack, version

Run = Callable[..., Stack]
HOST = "https://adb-1.1.azuredatabricks.net"
MODEL = "main.shared.churn"
ENDPOINT = "/api/2.0/serving-endpoints/churn"
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


@pytest.fixture
def churn(run: Run, tmp_path: Path) -> Callable[..., Stack]:
    """Run a stack of one model, with the settings given, on a workspace where the endpoint is as given."""

    def churn(settings: str, live: Mapping[str, Any] | None = None, *, protect: bool = True, **there: Any) -> Stack:
        entry = f"{{catalog: main, schema: shared, createSchema: false, {settings}}}"
        config = f"config:\n  rollpin:protect: {str(protect).lower()}\n  rollpin:models:\n    churn: {entry}\n"
        (tmp_path / "Pulumi.dev.yaml").write_text(config)
        found = {ENDPOINT: live, **there} if live else there
        return run("dev", VERSIONS, project=tmp_path, host=HOST, there=found)

    return churn


def served(made: Stack) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = made.one("ModelServing").inputs["config"]["servedEntities"]
    return found


def tags(made: Registered) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in made.inputs["tags"]}


def test_a_rollback_keeps_the_environment_and_the_sizes_that_were_set_by_hand(churn: Callable[..., Stack]) -> None:
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


def test_each_version_that_is_deployed_keeps_its_own_environment(churn: Callable[..., Stack]) -> None:
    live = endpoint(entity(2, environment_vars={"A": "2"}), entity(1, environment_vars={"A": "1"}))

    found = served(churn("servedVersion: 3, warmVersions: [1, 2]", live))

    assert [each["environmentVars"] for each in found] == [{"A": "1"}, {"A": "2"}, {"A": "2"}]


def test_what_the_stack_says_goes_before_what_was_set_by_hand(churn: Callable[..., Stack]) -> None:
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
def test_an_entity_takes_one_kind_of_size(churn: Callable[..., Stack], setting: str, size: dict[str, Any]) -> None:
    live = endpoint(entity(2, workload_size=None, min_provisioned_concurrency=4, max_provisioned_concurrency=8))

    (found,) = served(churn(f"servedVersion: 2, endpoint: {{{setting}}}", live))

    assert {key: value for key, value in found.items() if "Size" in key or "Provisioned" in key} == size


@pytest.mark.parametrize("calls", [60, 0])
def test_rate_limits_and_usage_tracking_stay_beside_the_stacks_own_table(
    churn: Callable[..., Stack], calls: int
) -> None:
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


def test_what_is_set_of_the_endpoint_itself_stays(churn: Callable[..., Stack]) -> None:
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


def test_without_an_endpoint_a_new_one_is_small_and_does_not_sleep(churn: Callable[..., Stack]) -> None:
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
    churn: Callable[..., Stack],
) -> None:
    kept = served(churn("servedVersion: 2, warmVersions: [1]", endpoint(entity(2, "churn-2"))))
    taken = served(churn("servedVersion: 2, warmVersions: [1]", endpoint(entity(2, "churn-v1"))))

    assert [each["name"] for each in kept] == ["churn-v1", "churn-2"]
    assert [each["name"] for each in taken] == ["churn-v1", "churn-v2"]


def test_entities_and_routes_stay_in_their_order_while_the_same_versions_are_deployed(
    churn: Callable[..., Stack],
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


def test_an_endpoint_that_no_rollout_has_changed_yet_is_not_tagged_until_one_does(churn: Callable[..., Stack]) -> None:
    live = endpoint(entity(2, "churn-2"), tags={"team": "churn"})

    untouched = churn("servedVersion: 2, endpoint: {tags: {team: churn}}", live).one("ModelServing")
    changed = churn("servedVersion: 1", live).one("ModelServing")

    assert tags(untouched) == {"team": "churn"}
    assert tags(changed) == {"model_version": "1", "run_id": "run-1"}


def test_what_is_to_be_adopted_and_is_there_is_imported_and_the_rest_is_created(churn: Callable[..., Stack]) -> None:
    there = {
        f"/api/2.1/unity-catalog/models/{MODEL}": {"full_name": MODEL},
        f"/api/2.1/unity-catalog/permissions/function/{MODEL}": {
            "privilege_assignments": [{"principal": "askers", "privileges": ["EXECUTE"]}]
        },
        "/api/2.0/permissions/serving-endpoints/e1": {
            "access_control_list": [
                {"group_name": "admins", "all_permissions": [{"permission_level": "CAN_MANAGE", "inherited": True}]},
                {"user_name": "me@example.com", "all_permissions": [{"permission_level": "CAN_MANAGE"}]},
            ]
        },
        "/api/2.0/preview/scim/v2/Me": {"userName": "me@example.com"},
    }
    access = "access: {execute: [askers], query: [askers]}"

    made = churn(f"adopt: true, servedVersion: 2, {access}", endpoint(entity(2)), **there)

    assert {each.type.rsplit(":", 1)[-1]: each.imported for each in made.custom} == {
        "Grant": "",
        "MlflowExperiment": "",
        "RegisteredModel": MODEL,
        "Grants": f"model/{MODEL}",
        "ModelServing": "churn",
        "Permissions": "",  # none but administrators and whoever runs this holds any: the provider finds nothing
    }


@pytest.mark.parametrize("part", ["experiment", "endpoint"])
def test_one_part_of_a_model_can_be_adopted_alone(churn: Callable[..., Stack], part: str) -> None:
    there = {
        f"/api/2.1/unity-catalog/models/{MODEL}": {"full_name": MODEL},
        "/api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FShared%2Frollpin-dev-churn": {
            "experiment": {"experiment_id": "77"}
        },
    }

    made = churn(f"servedVersion: 2, {part}: {{adopt: true}}", endpoint(entity(2)), **there)

    imported = {each.type.rsplit(":", 1)[-1]: each.imported for each in made.custom if each.imported}
    assert imported == ({"MlflowExperiment": "77"} if part == "experiment" else {"ModelServing": "churn"})


def test_a_model_of_somebody_elses_is_only_used(churn: Callable[..., Stack]) -> None:
    made = churn("createModel: false, servedVersion: 2, access: {execute: [askers]}")

    assert {each.type.rsplit(":", 1)[-1] for each in made.custom} == {"Grant", "ModelServing"}
    on_model = [each.inputs for each in made.of("Grant") if "model" in each.inputs]
    assert on_model == [{"model": MODEL, "principal": "askers", "privileges": ["EXECUTE"]}]


def test_before_anything_is_created_the_engine_has_to_look_whether_it_is_there(churn: Callable[..., Stack]) -> None:
    made = churn("servedVersion: 2")

    assert {each.type.rsplit(":", 1)[-1]: each.hooks["before_create"] for each in made.custom} == {
        "MlflowExperiment": ["experiment /Shared/rollpin-dev-churn is free"],
        "RegisteredModel": [f"registered model {MODEL} is free"],
        "ModelServing": ["serving endpoint churn is free"],
    }


def test_retiring_lets_go_of_a_protected_endpoint_first_and_changes_nothing_else(churn: Callable[..., Stack]) -> None:
    live = endpoint(entity(2), tags={"model_version": "2", "team": "churn"})

    made = churn("retired: true, servedVersion: 2", live)

    assert not any(each.protect for each in made.custom)
    assert {each.type.rsplit(":", 1)[-1] for each in made.custom if each.retained} == {
        "RegisteredModel",
        "MlflowExperiment",
    }
    assert tags(made.one("ModelServing")) == {"model_version": "2", "team": "churn", "retired": "true"}
    assert made.outputs["models"]["churn"]["retired"] == "let go"
    assert made.outputs["models"]["churn"]["pinned_version"] is None


@pytest.mark.parametrize(
    ("protect", "live"),
    [(True, endpoint(entity(2), tags={"retired": "true"})), (True, None), (False, endpoint(entity(2)))],
)
def test_then_the_endpoint_is_gone_and_the_rest_is_kept(
    churn: Callable[..., Stack], protect: bool, live: Mapping[str, Any] | None
) -> None:
    made = churn("retired: true, servedVersion: 2", live, protect=protect)

    assert {each.type.rsplit(":", 1)[-1] for each in made.custom} == {"RegisteredModel", "MlflowExperiment"}
    assert all(each.retained and not each.protect for each in made.custom)
    assert made.outputs["models"]["churn"]["retired"] == "down"


def test_a_retired_model_is_not_looked_up(churn: Callable[..., Stack]) -> None:
    asked = churn("retired: true, servedVersion: 99", protect=False).asked

    assert not [each for each in asked if "/versions" in each]
