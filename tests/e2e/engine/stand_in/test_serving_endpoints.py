"""A serving endpoint on the real engine: rollout, rollback, failure, replacement, and a run that is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pulumi_databricks as databricks
from pulumi.automation import EngineEvent

from tests.e2e.engine.stand_in.conftest import MODEL, Taught
from tests.e2e.engine.stand_in.driven_stack import DrivenStack

VERSION_PATHS = [
    "config.servedEntities[0].entityVersion",
    "config.servedEntities[0].name",
    "config.trafficConfig.routes[0].servedModelName",
]


def program(name: str, version: int) -> Callable[[], None]:
    """An endpoint that serves one version, and who may query it."""

    def declare() -> None:
        entity = {"name": f"chain-v{version}", "entity_name": MODEL, "entity_version": str(version)}
        route = {"served_model_name": f"chain-v{version}", "traffic_percentage": 100}
        endpoint = databricks.ModelServing(
            "endpoint",
            name=name,
            config={
                "served_entities": [{**entity, "workload_size": "Small", "scale_to_zero_enabled": False}],
                "traffic_config": {"routes": [route]},
            },
            tags=[{"key": "b", "value": "2"}, {"key": "a", "value": "1"}],
        )
        users = [{"group_name": "users", "permission_level": "CAN_QUERY"}]
        databricks.Permissions("permissions", serving_endpoint_id=endpoint.serving_endpoint_id, access_controls=users)

    return declare


def served(taught: Taught, name: str) -> str:
    asked = [{"messages": [{"role": "user", "content": "?"}]}]
    answer: Any = taught.client.serving_endpoints.query(name, dataframe_records=asked)
    return str(answer.predictions[0])


def test_a_rollback_is_one_update_in_place(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("rolls", 2)
    assert stack.run("up").changes == {"create": 2}
    assert stack.run("up").changes == {}
    stack.program = program("rolls", 1)
    assert stack.run("preview").paths("update") == {"endpoint": VERSION_PATHS}
    assert served(taught, "rolls") == "2"
    assert stack.run("up").changes == {"update": 1}
    assert served(taught, "rolls") == "1"
    assert stack.run("up").changes == {}


def test_a_version_that_does_not_load_fails_every_up_until_the_pin_goes_back(
    stack: DrivenStack, taught: Taught
) -> None:
    stack.program = program("fails", 1)
    stack.run("up")
    stack.program = program("fails", 3)
    for _ in range(2):
        run = stack.run("up")
        assert run.failed
        assert "failed to reach NOT_UPDATING, got UPDATE_FAILED" in run.errors
        assert served(taught, "fails") == "1"
    stack.program = program("fails", 1)
    assert stack.run("up").changes == {"update": 1}
    assert stack.run("up").changes == {}


def test_a_create_that_fails_leaves_no_endpoint(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("never", 3)
    run = stack.run("up")
    assert "failed to reach NOT_UPDATING, got UPDATE_FAILED" in run.errors
    assert [endpoint.name for endpoint in taught.client.serving_endpoints.list()] == []


def test_another_name_replaces_the_endpoint_and_its_permissions(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("before", 1)
    stack.run("up")
    stack.program = program("after", 1)
    planned = stack.run("preview")
    assert planned.paths("replace") == {"endpoint": ["name"], "permissions": ["servingEndpointId"]}
    assert stack.run("up").changes == {"replace": 2}
    assert [endpoint.name for endpoint in taught.client.serving_endpoints.list()] == ["after"]


def test_a_version_changed_behind_its_back_is_shown_and_put_right(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("drifting", 2)
    stack.run("up")
    path = "/api/2.0/serving-endpoints/drifting/config"
    entity = {"name": "chain-v2", "entity_name": MODEL, "entity_version": "1", "workload_size": "Small"}
    taught.client.api_client.do("PUT", path, body={"served_entities": [entity]})
    taught.client.serving_endpoints.wait_get_serving_endpoint_not_updating("drifting")
    planned = stack.run("preview")
    assert planned.paths("refresh") == planned.paths("update") == {"endpoint": VERSION_PATHS[:1]}
    assert stack.run("up").changes == {"refresh": 1, "update": 1}
    assert served(taught, "drifting") == "2"


def test_an_engine_that_is_killed_leaves_no_provider_behind(stack: DrivenStack) -> None:
    stack.program = program("killed", 1)
    stack.run("up")

    def kill(event: EngineEvent) -> None:
        if event.resource_pre_event and event.resource_pre_event.metadata.op.value == "update":
            for engine in set(stack.processes().values()):
                os.kill(engine, signal.SIGKILL)

    stack.program = program("killed", 4)
    assert stack.run("up", kill).failed
    deadline = time.monotonic() + 20
    while stack.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert stack.processes() == {}
    stack.stack.cancel()
