"""What a stack says of its endpoint is what the provider is given, and what it does not say stays as it is."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from tests.stacks.churn import MODEL, Churn, endpoint, entity
from tests.stacks.recorded import Stack


def serving(made: Stack) -> dict[str, Any]:
    return dict(made.one("ModelServing").inputs)


def only_entity(made: Stack) -> dict[str, Any]:
    (found,) = serving(made)["config"]["servedEntities"]
    return dict(found)


SIZES = {
    "workloadSize: Large": {"workloadSize": "Large"},
    "concurrency: {min: 4, max: 16}": {"minProvisionedConcurrency": 4, "maxProvisionedConcurrency": 16},
    "throughput: {min: 0, max: 9500}, burstScaling: false": {
        "minProvisionedThroughput": 0,
        "maxProvisionedThroughput": 9500,
        "burstScalingEnabled": False,
    },
}
SIZED_BY_HAND = [
    {"workload_size": "Medium"},
    {"workload_size": "", "min_provisioned_concurrency": 8, "max_provisioned_concurrency": 8},
]


@pytest.mark.parametrize(("said", "given"), SIZES.items(), ids=SIZES)
@pytest.mark.parametrize("by_hand", [None, *SIZED_BY_HAND])
def test_an_endpoint_has_the_one_size_that_the_stack_says(
    churn: Churn, said: str, given: dict[str, Any], by_hand: dict[str, Any] | None
) -> None:
    live = endpoint(entity(2, **by_hand)) if by_hand else None

    found = only_entity(churn(f"servedVersion: 2, endpoint: {{{said}}}", live))

    assert {
        key: value for key, value in found.items() if "rovisioned" in key or key in {"workloadSize", *given}
    } == given


def test_its_hardware_is_what_the_stack_says(churn: Churn) -> None:
    said = "servedVersion: 2, endpoint: {workloadType: GPU_SMALL, scaleToZero: true}"

    found = only_entity(churn(said, endpoint(entity(2))))

    assert (found["workloadType"], found["scaleToZeroEnabled"]) == ("GPU_SMALL", True)


VARIABLES = (
    "environment: {INDEX: docs, TOKEN: '{{secrets/churn/token}}'}, environmentOf: {1: {INDEX: old, RERANK: '1'}}"
)
TOKEN = "{{secrets/churn/token}}"


@pytest.mark.parametrize(
    ("pin", "given"),
    [(2, {"INDEX": "docs", "TOKEN": TOKEN}), (1, {"INDEX": "old", "TOKEN": TOKEN, "RERANK": "1"})],
)
def test_each_version_has_its_own_variables_so_a_rollback_brings_them_back(
    churn: Churn, pin: int, given: dict[str, str]
) -> None:
    by_hand = entity(2, environment_vars={"SET": "by hand"})

    found = only_entity(churn(f"servedVersion: {pin}, endpoint: {{{VARIABLES}}}", endpoint(by_hand)))

    assert found["environmentVars"] == given


@pytest.mark.parametrize(("said", "given"), [("", {"SET": "by hand"}), ("environment: {}", {})])
def test_a_stack_that_says_nothing_of_variables_leaves_them_and_one_that_says_none_takes_them(
    churn: Churn, said: str, given: dict[str, str]
) -> None:
    by_hand = entity(2, environment_vars={"SET": "by hand"})

    found = only_entity(churn(f"servedVersion: 2, endpoint: {{{said}}}", endpoint(by_hand)))

    assert found.get("environmentVars", {}) == given


POLICY = "11111111-2222-3333-4444-555555555555"
MADE_WITH = (
    f"servedVersion: 2, endpoint: {{description: answers, budgetPolicy: {POLICY}, "
    "notifications: {onFailure: [ml@example.com]}}"
)


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine is given to show."""
    shown: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", shown.append)
    return shown


def test_a_new_endpoint_is_made_with_what_the_stack_says(churn: Churn, warned: list[str]) -> None:
    found = serving(churn(MADE_WITH))

    assert (found["description"], found["budgetPolicyId"]) == ("answers", POLICY)
    assert found["emailNotifications"] == {"onUpdateFailures": ["ml@example.com"], "onUpdateSuccesses": []}
    assert warned == []


def test_what_no_update_changes_stays_and_somebody_is_told_how_to_change_it(churn: Churn, warned: list[str]) -> None:
    telemetry = {"table_names": {"logs_table": "main.logs.churn"}}
    told = {"on_update_success": ["x@example.com"], "on_update_failure": []}
    live = endpoint(entity(2), description="older", email_notifications=told, telemetry_config=telemetry)

    found = serving(churn(MADE_WITH, live))

    assert found["description"] == "older"
    assert "budgetPolicyId" not in found
    assert found["emailNotifications"] == {"onUpdateSuccesses": ["x@example.com"]}
    assert found["telemetryConfig"] == {"tableNames": {"logsTable": "main.logs.churn"}}
    assert [each.partition(":")[0] for each in warned] == [
        "endpoint churn keeps its description",
        "endpoint churn keeps its budget policy",
        "endpoint churn keeps its notifications, which the provider does not change. Type",
    ]
    assert warned[2].endswith(
        "databricks serving-endpoints update-notifications churn --json '"
        '{"email_notifications": {"on_update_success": [], "on_update_failure": ["ml@example.com"]}}'
        "'"
    )


def test_what_is_as_the_stack_says_is_no_news(churn: Churn, warned: list[str]) -> None:
    told = {"on_update_failure": ["ml@example.com"]}

    churn(MADE_WITH, endpoint(entity(2), description="answers", budget_policy_id=POLICY, email_notifications=told))

    assert warned == []


def test_its_traffic_is_limited_and_recorded_as_the_stack_says(churn: Churn) -> None:
    limits = "[{per: endpoint, calls: 600}, {per: user, tokens: 900}, {per: group, name: askers, calls: 60}]"
    table = "{schema: inference, prefix: churn_prod, read: [auditors]}"
    said = f"gateway: {{usageTracking: true, rateLimits: {limits}, inferenceTable: {table}}}"

    made = churn(f"servedVersion: 2, endpoint: {{{said}}}")

    assert serving(made)["aiGateway"] == {
        "usageTrackingConfig": {"enabled": True},
        "rateLimits": [
            {"renewalPeriod": "minute", "key": "endpoint", "calls": 600},
            {"renewalPeriod": "minute", "key": "user", "tokens": 900},
            {"renewalPeriod": "minute", "key": "user_group", "principal": "askers", "calls": 60},
        ],
        "inferenceTableConfig": {
            "enabled": True,
            "catalogName": "main",
            "schemaName": "inference",
            "tableNamePrefix": "churn_prod",
        },
    }
    assert [
        (each.inputs.get("schema") or each.inputs["catalog"], each.inputs["privileges"]) for each in made.of("Grant")
    ] == [
        ("main", ["USE_CATALOG"]),
        ("main.inference", ["SELECT", "USE_SCHEMA"]),
    ]


def test_a_table_that_is_being_written_is_not_moved(churn: Churn) -> None:
    table = {"enabled": True, "catalog_name": "main", "schema_name": "shared", "table_name_prefix": "churn"}
    live = endpoint(entity(2), ai_gateway={"inference_table_config": table})
    off = endpoint(entity(2), ai_gateway={"inference_table_config": {**table, "enabled": False}})
    moved = "servedVersion: 2, endpoint: {gateway: {inferenceTable: {schema: logs}}}"

    with pytest.raises(pulumi.RunError) as refused:
        churn(moved, live)

    assert "found:   main.logs.churn, while main.shared.churn is being written" in str(refused.value)
    assert churn(moved, off).one("ModelServing").inputs["aiGateway"]["inferenceTableConfig"]["schemaName"] == "logs"
    assert churn("servedVersion: 2, endpoint: {inferenceTable: true}", live).of("ModelServing")
    assert churn("servedVersion: 2, endpoint: {inferenceTable: false}", live).of("ModelServing")


def test_limits_set_by_hand_stay_until_the_stack_says_some_and_an_empty_list_takes_them(churn: Churn) -> None:
    live = endpoint(entity(2), ai_gateway={"rate_limits": [{"calls": 5, "renewal_period": "minute"}]})

    kept = serving(churn("servedVersion: 2", live))
    none = serving(churn("servedVersion: 2, endpoint: {gateway: {rateLimits: []}}", live))

    assert [each["calls"] for each in kept["aiGateway"]["rateLimits"]] == [5]
    assert none["aiGateway"]["rateLimits"] == []


def test_what_would_replace_the_endpoint_is_refused_before_anything_is_made(churn: Churn) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        churn("servedVersion: 2, endpoint: {routeOptimized: true}", endpoint(entity(2)))

    said = str(refused.value)
    assert "rollpin:models.churn.endpoint.routeOptimized" in said
    assert "found:   `true`, but endpoint churn was made with `false`" in said
    assert "write `routeOptimized: false`; or, beside it, `replace: true`" in said


@pytest.mark.parametrize(
    ("protect", "let_go", "progress", "given"),
    [(True, None, "let go", None), (True, "let go", "now", True), (False, None, "now", True)],
)
def test_with_a_word_of_its_own_a_protected_endpoint_is_let_go_first_and_then_replaced(
    churn: Churn, protect: bool, let_go: str | None, progress: str, given: bool | None
) -> None:
    said = "servedVersion: 2, endpoint: {routeOptimized: true, replace: true}"
    last = {"models": {"churn": {"replacing": let_go}}}

    made = churn(said, endpoint(entity(2)), protect=protect, last=last)

    assert made.outputs["models"]["churn"]["replacing"] == progress
    assert not made.one("ModelServing").protect
    assert serving(made).get("routeOptimized") is given
    assert made.one("ModelServing").hooks["before_create"] == []


def test_an_endpoint_that_is_made_route_optimized_stays_so(churn: Churn) -> None:
    new = churn("servedVersion: 2, endpoint: {routeOptimized: true}")
    there = churn("servedVersion: 2", endpoint(entity(2), route_optimized=True))

    assert serving(new)["routeOptimized"] is serving(there)["routeOptimized"] is True
    assert there.one("ModelServing").protect
    assert there.outputs["models"]["churn"]["replacing"] is None
    assert there.of("RegisteredModel")[0].inputs["name"] == MODEL.rpartition(".")[2]
