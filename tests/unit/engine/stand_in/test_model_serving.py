"""A serving endpoint: what a change of its properties sends, and what its failures say."""

from typing import Any

import pytest

from engine.stand_in.failures import ProviderError, UnhealthyError
from engine.stand_in.values import UNKNOWN

ENDPOINT = "/api/2.0/serving-endpoints/chatbot"
FAILED = "failed to reach NOT_UPDATING, got UPDATE_FAILED: current status: UPDATE_FAILED"


def serving(*versions: str, **more: Any) -> dict[str, Any]:
    entities = [
        {"name": f"chain-v{v}", "entityName": "main.chatbot.chain", "entityVersion": v, "workloadSize": "Small"}
        for v in versions
    ]
    routes = [{"servedModelName": f"chain-v{v}", "trafficPercentage": 100 if v == versions[0] else 0} for v in versions]
    return {"name": "chatbot", "config": {"servedEntities": entities, "trafficConfig": {"routes": routes}}, **more}


def changes(workspace: Any) -> list[str]:
    return [f"{method} {path}" for method, path, _ in workspace.calls if method != "GET"]


@pytest.fixture
def endpoint(engine: Any, workspace: Any) -> Any:
    resource = engine("ModelServing")
    resource.up(**serving("7", tags=[{"key": "b", "value": "2"}, {"key": "a", "value": "1"}]))
    workspace.calls.clear()
    return resource


TAGS = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]


def test_another_version_is_one_update_of_the_config(endpoint: Any, workspace: Any) -> None:
    paths = endpoint.up(**serving("6", tags=TAGS))
    assert paths == [
        "config.servedEntities[0].entityVersion",
        "config.servedEntities[0].name",
        "config.trafficConfig.routes[0].servedModelName",
    ]
    assert changes(workspace) == [f"PUT {ENDPOINT}/config"]


def test_a_change_of_traffic_alone_names_the_two_numbers(engine: Any) -> None:
    endpoint = engine("ModelServing")
    endpoint.up(**serving("7", "6"))
    flipped = serving("7", "6")
    for route, share in zip(flipped["config"]["trafficConfig"]["routes"], (0, 100), strict=True):
        route["trafficPercentage"] = share
    routes = "config.trafficConfig.routes"
    assert endpoint.up(**flipped) == [f"{routes}[0].trafficPercentage", f"{routes}[1].trafficPercentage"]


def test_tags_in_another_order_are_no_difference(endpoint: Any) -> None:
    assert endpoint.up(**serving("7", tags=TAGS)) == []


def test_a_changed_tag_sends_tags_alone(endpoint: Any, workspace: Any) -> None:
    endpoint.up(**serving("7", tags=[{"key": "a", "value": "9"}]))
    assert changes(workspace) == [f"PATCH {ENDPOINT}/tags"]
    assert workspace.endpoints["chatbot"]["tags"] == [{"key": "a", "value": "9"}]


def test_an_inference_table_goes_to_the_ai_gateway(endpoint: Any, workspace: Any) -> None:
    gateway = {"inferenceTableConfig": {"enabled": True, "catalogName": "main"}}
    assert endpoint.up(**serving("7", tags=TAGS, aiGateway=gateway)) == ["aiGateway"]
    assert changes(workspace) == [f"PUT {ENDPOINT}/ai-gateway"]


GATEWAY = {
    "inferenceTableConfig": {"enabled": True, "catalogName": "logs", "schemaName": "s", "tableNamePrefix": "chat"},
    "rateLimits": [
        {"calls": 60, "key": "user", "renewalPeriod": "minute"},
        {"tokens": 900, "key": "user_group", "principal": "ml", "renewalPeriod": "minute"},
    ],
    "usageTrackingConfig": {"enabled": True},
}


def test_a_gateway_is_sent_whole_and_read_without_a_difference(endpoint: Any, workspace: Any) -> None:
    endpoint.up(**serving("7", tags=TAGS, aiGateway=GATEWAY))
    assert workspace.sent("PUT")[-1][1] == {
        "inference_table_config": {
            "enabled": True,
            "catalog_name": "logs",
            "schema_name": "s",
            "table_name_prefix": "chat",
        },
        "rate_limits": [
            {"calls": 60, "key": "user", "renewal_period": "minute"},
            {"tokens": 900, "key": "user_group", "principal": "ml", "renewal_period": "minute"},
        ],
        "usage_tracking_config": {"enabled": True},
    }
    endpoint.refresh()
    assert endpoint.up(**serving("7", tags=TAGS, aiGateway=GATEWAY)) == []


def test_a_changed_limit_names_its_number_and_sends_the_gateway_alone(endpoint: Any, workspace: Any) -> None:
    endpoint.up(**serving("7", tags=TAGS, aiGateway=GATEWAY))
    workspace.calls.clear()
    wider = {**GATEWAY, "rateLimits": [{**GATEWAY["rateLimits"][0], "calls": 90}, GATEWAY["rateLimits"][1]]}
    assert endpoint.up(**serving("7", tags=TAGS, aiGateway=wider)) == ["aiGateway.rateLimits[0].calls"]
    assert changes(workspace) == [f"PUT {ENDPOINT}/ai-gateway"]


def test_a_gateway_that_is_taken_out_of_the_program_fails_as_with_the_released_provider(
    endpoint: Any, workspace: Any
) -> None:
    endpoint.up(**serving("7", tags=TAGS, aiGateway=GATEWAY))
    workspace.calls.clear()
    with pytest.raises(ProviderError, match="leave it there, and switch off what is not wanted"):
        endpoint.up(**serving("7", tags=TAGS))
    assert changes(workspace) == []


@pytest.mark.parametrize(
    ("compute", "sent"),
    [
        ({"workloadType": "GPU_SMALL", "workloadSize": "Medium"}, {"workload_type": "GPU_SMALL"}),
        (
            {"minProvisionedConcurrency": 4, "maxProvisionedConcurrency": "16"},
            {"min_provisioned_concurrency": 4, "max_provisioned_concurrency": 16},
        ),
        (
            {"minProvisionedThroughput": 0, "maxProvisionedThroughput": 970},
            {"min_provisioned_throughput": 0, "max_provisioned_throughput": 970},
        ),
        (
            {"provisionedModelUnits": 50, "burstScalingEnabled": False},
            {"provisioned_model_units": 50, "burst_scaling_enabled": False},
        ),
    ],
)
def test_other_compute_is_an_update_in_place(
    endpoint: Any, workspace: Any, compute: dict[str, Any], sent: dict[str, Any]
) -> None:
    inputs = serving("7", tags=TAGS)
    entity = inputs["config"]["servedEntities"][0]
    del entity["workloadSize"]
    entity |= compute
    assert endpoint.diff(**inputs).replaces == []
    endpoint.up(**inputs)
    assert changes(workspace) == [f"PUT {ENDPOINT}/config"]
    assert sent.items() <= workspace.sent("PUT")[0][1]["served_entities"][0].items()


def test_all_that_is_only_sent_when_an_endpoint_is_made_is_sent_then(engine: Any, workspace: Any) -> None:
    telemetry = {"tableNames": {"logsTable": "a.b.c"}, "inferenceTableConfig": {"samplingFraction": 0.5}}
    endpoint = engine("ModelServing")
    inputs = serving(
        "7",
        budgetPolicyId="b1",
        description="answers",
        emailNotifications={"onUpdateFailures": ["ml@example.com"]},
        routeOptimized=True,
        telemetryConfig=telemetry,
    )
    endpoint.up(**inputs)
    _, body = workspace.sent("POST")[0]
    assert body["email_notifications"] == {"on_update_failure": ["ml@example.com"]}
    assert body["telemetry_config"] == {
        "table_names": {"logs_table": "a.b.c"},
        "inference_table_config": {"sampling_fraction": 0.5},
    }
    assert (body["budget_policy_id"], body["description"], body["route_optimized"]) == ("b1", "answers", True)
    endpoint.refresh()
    workspace.calls.clear()
    assert endpoint.up(**inputs) == []
    endpoint.up(**{**inputs, "telemetryConfig": {"telemetryProfileId": "p"}})
    assert changes(workspace) == []
    assert endpoint.said == ["the Databricks provider sends no change of telemetryConfig to a serving endpoint"]


@pytest.mark.parametrize("change", [{"name": "other"}, {"routeOptimized": True}])
def test_a_name_and_route_optimisation_replace(endpoint: Any, change: dict[str, Any]) -> None:
    answer = endpoint.diff(**(serving("7", tags=TAGS) | change))
    assert answer.replaces == list(change)
    assert answer.delete_before_replace is ("name" not in change)


def test_another_version_replaces_nothing(endpoint: Any) -> None:
    assert endpoint.diff(**serving("6")).replaces == []


def test_a_description_is_not_sent_and_a_warning_says_so(endpoint: Any, workspace: Any) -> None:
    endpoint.up(**serving("7", tags=TAGS, description="new"))
    assert changes(workspace) == []
    assert endpoint.said == ["the Databricks provider sends no change of description to a serving endpoint"]


def test_removing_the_config_changes_nothing(endpoint: Any, workspace: Any) -> None:
    assert endpoint.up(name="chatbot", tags=TAGS) == []
    assert changes(workspace) == []


def test_a_failed_update_is_told_in_the_released_provider_s_words_and_changes_nothing(
    endpoint: Any, workspace: Any
) -> None:
    workspace.broken_versions.add("8")
    with pytest.raises(ProviderError, match=f"{FAILED}$"):
        endpoint.up(**serving("8", tags=TAGS))
    assert endpoint.state["config"]["servedEntities"][0]["entityVersion"] == "7"


def test_after_a_failed_update_a_refresh_finds_the_endpoint_unhealthy(endpoint: Any, workspace: Any) -> None:
    workspace.broken_versions.add("8")
    with pytest.raises(ProviderError):
        endpoint.up(**serving("8", tags=TAGS))
    with pytest.raises(UnhealthyError) as found:
        endpoint.refresh()
    assert found.value.resource_id == "chatbot"
    assert found.value.inputs["config"]["servedEntities"][0]["entityVersion"] == "7"


def test_going_back_to_what_serves_clears_a_failed_update(endpoint: Any, workspace: Any) -> None:
    workspace.broken_versions.add("8")
    with pytest.raises(ProviderError):
        endpoint.up(**serving("8", tags=TAGS))
    endpoint.update(endpoint.inputs)
    assert workspace.endpoints["chatbot"]["state"]["config_update"] == "NOT_UPDATING"


def test_an_update_of_a_healthy_endpoint_without_differences_sends_nothing(endpoint: Any, workspace: Any) -> None:
    endpoint.update(endpoint.inputs)
    assert changes(workspace) == []


def test_a_create_that_fails_deletes_the_endpoint(engine: Any, workspace: Any) -> None:
    workspace.broken_versions.add("8")
    with pytest.raises(ProviderError, match=f"{FAILED}$"):
        engine("ModelServing").up(**serving("8"))
    assert workspace.endpoints == {}


def test_drift_shows_in_state_and_inputs_and_is_put_right(endpoint: Any, workspace: Any) -> None:
    workspace.endpoints["chatbot"]["config"]["served_entities"][0]["entity_version"] = "5"
    workspace.endpoints["chatbot"]["tags"].append({"key": "stray", "value": "x"})
    endpoint.refresh()
    assert endpoint.inputs["config"]["servedEntities"][0]["entityVersion"] == "5"
    assert endpoint.up(**serving("7", tags=TAGS)) == ["config.servedEntities[0].entityVersion", "tags"]
    assert {tag["key"] for tag in workspace.endpoints["chatbot"]["tags"]} == {"a", "b"}


def test_what_the_workspace_fills_in_is_no_difference(endpoint: Any, workspace: Any) -> None:
    endpoint.refresh()
    assert endpoint.state["config"]["servedEntities"][0]["workloadType"] == "CPU"
    assert "workloadType" not in endpoint.inputs["config"]["servedEntities"][0]
    assert endpoint.up(**serving("7", tags=TAGS)) == []


def test_entities_in_another_order_are_read_in_the_programs_order(engine: Any, workspace: Any) -> None:
    endpoint = engine("ModelServing")
    endpoint.up(**serving("7", "6"))
    workspace.endpoints["chatbot"]["config"]["served_entities"].reverse()
    workspace.endpoints["chatbot"]["config"]["traffic_config"]["routes"].reverse()
    endpoint.refresh()
    assert endpoint.up(**serving("7", "6")) == []


def test_an_endpoint_that_is_gone_is_made_again(endpoint: Any, workspace: Any) -> None:
    workspace.endpoints.clear()
    endpoint.refresh()
    assert endpoint.up(**serving("7", tags=TAGS)) == ["created"]


def test_an_endpoint_is_imported_by_its_name(endpoint: Any) -> None:
    inputs = endpoint.adopt("chatbot")
    assert inputs["config"]["servedEntities"][0]["entityVersion"] == "7"
    assert "servingEndpointId" not in inputs
    assert endpoint.up(**serving("7", tags=TAGS)) == []


def test_a_version_may_be_written_as_a_number(engine: Any) -> None:
    used, refused = engine("ModelServing").check(**serving(7))
    assert refused == []
    assert used["config"]["servedEntities"][0]["entityVersion"] == "7"


def test_an_unknown_model_name_is_a_difference_in_a_preview(endpoint: Any) -> None:
    inputs = serving("7", tags=TAGS)
    inputs["config"]["servedEntities"][0]["entityName"] = UNKNOWN
    assert list(endpoint.diff(**inputs).detailed_diff) == ["config.servedEntities[0].entityName"]
