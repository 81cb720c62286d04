"""What the provider answers beyond single resources: previews, unknown types, the function, its own inputs."""

import asyncio
from typing import Any

import pytest
from pulumi.provider.experimental import provider as protocol

from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.resources.model_versions import FUNCTION
from engine.stand_in.values import UNKNOWN, plain_map, wrap_map

MODEL = "main.chatbot.chain"


def invoke(engine: Any, name: str, **arguments: Any) -> Any:
    request = protocol.InvokeRequest(name, wrap_map(arguments))
    return plain_map(asyncio.run(engine("Catalog").provider.invoke(request)).return_value or {})


def test_a_type_that_it_does_not_have_is_named_with_those_that_it_has(engine: Any) -> None:
    with pytest.raises(ProviderError, match=r"does not have databricks:index/cluster:Cluster; it has .*ModelServing"):
        engine("Cluster").check(name="x")


def test_a_preview_of_a_create_calls_nobody_and_knows_no_outputs(engine: Any, workspace: Any) -> None:
    catalog = engine("Catalog")
    request = protocol.CreateRequest(catalog.urn, wrap_map({"name": "rehearsal"}), 0, True)
    outputs = plain_map(asyncio.run(catalog.provider.create(request)).properties)
    assert (outputs["name"], outputs["fullName"], outputs["owner"]) == ("rehearsal", UNKNOWN, UNKNOWN)
    assert workspace.calls == []


def test_a_preview_of_an_update_keeps_the_outputs_and_calls_nobody(engine: Any, workspace: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal")
    workspace.calls.clear()
    news = wrap_map({"name": "rehearsal", "comment": "new"})
    request = protocol.UpdateRequest(catalog.urn, catalog.id, wrap_map(catalog.state), news, 0, [], True)
    outputs = plain_map(asyncio.run(catalog.provider.update(request)).properties)
    assert (outputs["comment"], outputs["fullName"]) == ("new", "rehearsal")
    assert workspace.calls == []


def test_ignored_changes_are_no_differences(engine: Any, workspace: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal", comment="old")
    state, news = wrap_map(catalog.state), wrap_map({"name": "rehearsal"})
    request = protocol.DiffRequest(catalog.urn, catalog.id, state, news, ["comment"])
    assert asyncio.run(catalog.provider.diff(request)).changes is False


def test_versions_are_listed_with_their_states_and_runs(engine: Any, workspace: Any) -> None:
    workspace.models[MODEL] = {}
    workspace.versions[MODEL] = [{"version": 7, "status": "READY", "run_id": "r7", "model_name": "chain"}]
    found = invoke(engine, FUNCTION, fullName=MODEL)
    assert found["modelVersions"] == [{"version": 7, "status": "READY", "runId": "r7", "modelName": "chain"}]


def test_a_model_that_does_not_exist_has_no_versions_to_list(engine: Any) -> None:
    with pytest.raises(NotFoundError, match=f"failed to list model versions for registered model {MODEL}: .*not exist"):
        invoke(engine, FUNCTION, fullName=MODEL)


def test_a_function_that_it_does_not_have_is_refused(engine: Any) -> None:
    with pytest.raises(ProviderError, match="does not have the function databricks:index/getCluster"):
        invoke(engine, "databricks:index/getCluster:getCluster")


def test_other_ways_to_sign_in_are_refused(engine: Any) -> None:
    inputs = wrap_map({"host": "http://127.0.0.1:1", "profile": "prod"})
    answer = asyncio.run(engine("Catalog").provider.check_config(protocol.CheckRequest("", {}, inputs, b"")))
    assert [failure.property for failure in answer.failures or ()] == ["profile"]


def test_the_provider_takes_no_secrets_so_that_the_engine_keeps_them(engine: Any) -> None:
    request = protocol.ConfigureRequest({}, {}, accept_secrets=True, accept_resources=True)
    answer = asyncio.run(engine("Catalog").provider.configure(request))
    assert (answer.accept_secrets, answer.supports_preview) == (False, True)


def test_an_interrupted_run_stops_waiting(engine: Any, workspace: Any) -> None:
    endpoint = engine("ModelServing")
    finish = workspace._configure

    def never_end(endpoint: dict[str, Any], config: dict[str, Any]) -> Any:
        finish(endpoint, config)["state"]["config_update"] = "IN_PROGRESS"

    workspace._configure = never_end
    asyncio.run(endpoint.provider.cancel())
    with pytest.raises(ProviderError, match="did not end before it was interrupted"):
        endpoint.up(name="chatbot", config={})


def test_a_create_that_does_not_end_in_its_time_says_so_and_deletes_the_endpoint(engine: Any, workspace: Any) -> None:
    endpoint, finish = engine("ModelServing"), workspace._configure

    def never_end(endpoint: dict[str, Any], config: dict[str, Any]) -> Any:
        finish(endpoint, config)["state"]["config_update"] = "IN_PROGRESS"

    workspace._configure = never_end
    inputs = wrap_map({"name": "chatbot", "config": {"servedEntities": []}})
    request = protocol.CreateRequest(endpoint.urn, inputs, 0.01, False)
    with pytest.raises(ProviderError, match=r"did not end within 0 s: raise customTimeouts.* deleted again"):
        asyncio.run(endpoint.provider.create(request))
    assert workspace.endpoints == {}
