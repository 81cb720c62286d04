from __future__ import annotations

from typing import Any

from sandbox.workspace.endpoints.endpoint_records import new_record
from sandbox.workspace.endpoints.endpoint_view import detailed, summary

ENTITY = {"name": "bot-7", "entity_name": "prod.chatbot.bot", "entity_version": "7", "workload_size": "Small"}


def deployed(**sides: Any) -> dict[str, Any]:
    return {
        "state": {"ready": "READY", "config_update": "IN_PROGRESS"},
        "config": {
            "served_entities": [ENTITY],
            "traffic_config": {"routes": [{"served_model_name": "bot-7", "traffic_percentage": 100}]},
            "config_version": 2,
        },
        "pending_config": None,
    } | sides


def test_both_forms_of_entities_and_routes_are_shown() -> None:
    config = detailed(new_record("chat", {}), deployed(), "http://here")["config"]
    assert config["served_entities"][0]["entity_version"] == "7"
    assert config["served_models"][0]["model_version"] == "7"
    assert config["traffic_config"]["routes"][0]["served_entity_name"] == "bot-7"
    assert config["config_version"] == 2


def test_an_endpoint_without_a_deployment_is_not_ready_and_has_no_config() -> None:
    shown = detailed(new_record("chat", {"description": "d"}), None, "http://here")
    assert shown["state"] == {"ready": "NOT_READY", "config_update": "NOT_UPDATING"}
    assert shown["description"] == "d"
    assert {"config", "pending_config", "endpoint_url", "ai_gateway"}.isdisjoint(shown)


def test_only_a_route_optimised_endpoint_shows_its_url() -> None:
    shown = detailed(new_record("chat", {"route_optimized": True}), None, "http://here")
    assert shown["endpoint_url"] == "http://here/serving-endpoints/chat/invocations"


def test_a_pending_config_is_shown_beside_the_active_one() -> None:
    pending = {"served_entities": [ENTITY | {"entity_version": "8"}], "start_time": 5}
    shown = detailed(new_record("chat", {}), deployed(pending_config=pending), "http://here")
    assert shown["pending_config"]["served_models"][0]["model_version"] == "8"
    assert shown["pending_config"]["start_time"] == 5
    assert shown["config"]["served_entities"][0]["entity_version"] == "7"


def test_a_list_shows_names_and_versions_alone() -> None:
    config = summary(new_record("chat", {}), deployed())["config"]
    assert config["served_entities"] == [{"name": "bot-7", "entity_name": "prod.chatbot.bot", "entity_version": "7"}]
    assert "routes" not in str(config)


def test_the_mark_of_a_create_under_way_is_never_shown() -> None:
    record = new_record("chat", {}) | {"creating": True}
    assert "creating" not in detailed(record, deployed(), "http://here")
    assert "creating" not in summary(record, None)
