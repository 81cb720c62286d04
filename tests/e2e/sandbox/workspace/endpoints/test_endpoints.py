from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import (
    InvalidParameterValue,
    NotFound,
    OperationFailed,
    ResourceAlreadyExists,
    ResourceConflict,
)
from databricks.sdk.service import serving
from mlflow.deployments import get_deploy_client
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

MODEL = "serving.default.bot"
Entity = serving.ServedEntityInput
Versions = tuple[int, int]


def entity(version: int, name: str | None = None, **variables: str) -> Entity:
    return Entity(name=name, entity_name=MODEL, entity_version=str(version), environment_vars=variables or None)


@pytest.fixture(scope="module")
def deployed(client: WorkspaceClient, versions: Versions) -> Iterator[str]:
    """An endpoint that serves the first version; tests leave it so."""
    config = serving.EndpointCoreConfigInput(name="chat", served_entities=[entity(versions[0])])
    client.serving_endpoints.create_and_wait("chat", config=config)
    yield "chat"
    client.serving_endpoints.delete("chat")


@pytest.fixture
def endpoint(client: WorkspaceClient) -> Iterator[str]:
    """The name of an endpoint of the test's own, which it may create."""
    name = f"e{uuid.uuid4().hex[:8]}"
    yield name
    if name in {found.name for found in client.serving_endpoints.list()}:
        client.serving_endpoints.delete(name)


def ask(client: WorkspaceClient, name: str) -> Any:
    return client.serving_endpoints.query(name, dataframe_records=[{"question": "?"}]).predictions


def served(client: WorkspaceClient, name: str) -> list[str | None]:
    config = client.serving_endpoints.get(name).config
    return [item.entity_version for item in (config.served_entities if config else None) or []]


def wait(client: WorkspaceClient, name: str, state: str) -> serving.ServingEndpointDetailed:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = client.serving_endpoints.get(name)
        if found.state and found.state.config_update and found.state.config_update.value == state:
            return found
        time.sleep(0.1)
    raise TimeoutError(state)


def test_an_endpoint_serves_the_version_that_it_names(
    client: WorkspaceClient, deployed: str, versions: Versions
) -> None:
    assert ask(client, deployed) == ["one"]
    found = client.serving_endpoints.get(deployed)
    assert found.state
    assert found.state.ready
    assert found.state.ready.value == "READY"
    assert found.config
    assert found.config.served_entities
    assert found.config.served_models
    assert found.config.served_entities[0].name == f"bot-{versions[0]}"
    assert found.config.served_models[0].model_version == str(versions[0])
    assert found.creator == "admin@sandbox.local"


def test_mlflows_deployments_client_makes_sees_and_asks_endpoints(
    deployed: str, endpoint: str, versions: Versions
) -> None:
    client = get_deploy_client("databricks")
    config = {"served_entities": [entity(versions[0]).as_dict()]}
    assert client.create_endpoint(config={"name": endpoint, "config": config})["pending_config"]
    assert client.get_endpoint(deployed)["state"]["ready"] == "READY"
    assert deployed in {found["name"] for found in client.list_endpoints()}
    answer = client.predict(endpoint=deployed, inputs={"dataframe_records": [{"question": "?"}]})
    assert answer["predictions"] == ["one"]


def test_a_standby_flip_goes_there_and_back(client: WorkspaceClient, endpoint: str, versions: Versions) -> None:
    both = [entity(versions[0], "a"), entity(versions[1], "b")]

    def traffic(a: int, b: int) -> serving.TrafficConfig:
        routes = [serving.Route(traffic_percentage=a, served_entity_name="a")]
        return serving.TrafficConfig([*routes, serving.Route(traffic_percentage=b, served_model_name="b")])

    config = serving.EndpointCoreConfigInput(name=endpoint, served_entities=both, traffic_config=traffic(0, 100))
    client.serving_endpoints.create_and_wait(endpoint, config=config)
    assert ask(client, endpoint) == ["two"]
    client.serving_endpoints.update_config_and_wait(endpoint, served_entities=both, traffic_config=traffic(100, 0))
    assert ask(client, endpoint) == ["one"]
    shown = client.serving_endpoints.get(endpoint).config
    assert shown
    assert shown.traffic_config
    assert shown.traffic_config.routes
    assert {(r.served_entity_name, r.traffic_percentage) for r in shown.traffic_config.routes} == {("a", 100), ("b", 0)}


def test_a_second_update_is_refused_while_one_runs(
    client: WorkspaceClient, deployed: str, versions: Versions, tmp_path: Path
) -> None:
    held = entity(versions[1], WAIT_FOR=str(tmp_path / "gate"))
    client.serving_endpoints.update_config(deployed, served_entities=[held])
    pending = client.serving_endpoints.get(deployed)
    assert pending.pending_config
    assert pending.state
    assert ask(client, deployed) == ["one"]
    with pytest.raises(ResourceConflict):
        client.serving_endpoints.update_config(deployed, served_entities=[entity(versions[0])])
    (tmp_path / "gate").touch()
    wait(client, deployed, "NOT_UPDATING")
    assert ask(client, deployed) == ["two"]
    client.serving_endpoints.update_config_and_wait(deployed, served_entities=[entity(versions[0])])


def test_a_version_that_does_not_load_leaves_the_old_one_serving(
    client: WorkspaceClient, deployed: str, register: Callable[..., int]
) -> None:
    broken = register("broken", f"{MODEL}_broken")
    failing = Entity(entity_name=f"{MODEL}_broken", entity_version=str(broken))
    with pytest.raises(OperationFailed):
        client.serving_endpoints.update_config_and_wait(deployed, served_entities=[failing])
    found = wait(client, deployed, "UPDATE_FAILED")
    assert found.pending_config
    assert found.pending_config.served_entities
    state = found.pending_config.served_entities[0].state
    assert state
    assert "no such index" in str(state.deployment_state_message)
    assert ask(client, deployed) == ["one"]
    assert "no such index" in client.serving_endpoints.logs(deployed, f"bot_broken-{broken}").logs


def test_what_cannot_be_served_changes_nothing(
    client: WorkspaceClient, deployed: str, versions: Versions, register: Callable[..., int]
) -> None:
    unsigned = ModelSignature(inputs=Schema([ColSpec("string", "question")]))
    number = register("x", f"{MODEL}_unsigned", unsigned)
    for bad, message in [
        (entity(99), r"bot/99 does not exist; READY versions are"),
        (Entity(entity_name="serving.default.nothing", entity_version="1"), "Registered model .* does not exist"),
        (Entity(entity_name="bot", entity_version="1"), "three parts"),
        (Entity(entity_name=f"{MODEL}_unsigned", entity_version=str(number)), "its signature has no outputs"),
        (Entity(entity_name=MODEL, entity_version="latest"), "whole number"),
    ]:
        with pytest.raises(InvalidParameterValue, match=message):
            client.serving_endpoints.update_config(deployed, served_entities=[bad])
    found = client.serving_endpoints.get(deployed)
    assert found.state
    assert found.state.config_update != serving.EndpointStateConfigUpdate.IN_PROGRESS
    assert served(client, deployed) == [str(versions[0])]


def test_a_source_outside_of_the_artifact_store_cannot_be_served(
    client: WorkspaceClient, tracking: Any, endpoint: str
) -> None:
    name = f"{MODEL}_outside"
    tracking.create_registered_model(name)
    made = tracking.create_model_version(name, "s3://bucket/model")
    config = serving.EndpointCoreConfigInput(
        name=endpoint, served_entities=[Entity(entity_name=name, entity_version=made.version)]
    )
    with pytest.raises(InvalidParameterValue, match="not in this workspace's artifact store"):
        client.serving_endpoints.create(endpoint, config=config)
    with pytest.raises(NotFound):
        client.serving_endpoints.get(endpoint)


def test_an_endpoint_is_made_once(client: WorkspaceClient, deployed: str, versions: Versions) -> None:
    config = serving.EndpointCoreConfigInput(name=deployed, served_entities=[entity(versions[1])])
    with pytest.raises(ResourceAlreadyExists, match=f"'{deployed}' already exists"):
        client.serving_endpoints.create(deployed, config=config)
    assert served(client, deployed) == [str(versions[0])]


def test_an_endpoint_may_be_made_before_its_config(client: WorkspaceClient, endpoint: str, versions: Versions) -> None:
    made = client.serving_endpoints.create(endpoint, description="later").response
    assert made.state
    assert made.state.ready
    assert made.state.ready.value == "NOT_READY"
    assert made.config is None
    client.serving_endpoints.update_config_and_wait(endpoint, served_entities=[entity(versions[0])])
    found = client.serving_endpoints.get(endpoint)
    assert (found.id, found.description) == (made.id, "later")


def test_tags_are_added_changed_and_deleted(client: WorkspaceClient, endpoint: str) -> None:
    Tag = serving.EndpointTag
    client.serving_endpoints.create(endpoint, tags=[Tag("team", "ml"), Tag("model_version", "7")])
    client.serving_endpoints.patch(endpoint, add_tags=[Tag("model_version", "6")], delete_tags=["team", "absent"])
    assert client.serving_endpoints.get(endpoint).tags == [Tag("model_version", "6")]


def test_the_ai_gateway_is_kept_and_its_schema_must_exist(client: WorkspaceClient, endpoint: str) -> None:
    client.serving_endpoints.create(endpoint)

    def table(schema: str) -> serving.AiGatewayInferenceTableConfig:
        return serving.AiGatewayInferenceTableConfig(
            enabled=True, catalog_name="main", schema_name=schema, table_name_prefix="chat"
        )

    with pytest.raises(NotFound, match=r"Schema 'main\.nowhere'"):
        client.serving_endpoints.put_ai_gateway(endpoint, inference_table_config=table("nowhere"))
    client.serving_endpoints.put_ai_gateway(endpoint, inference_table_config=table("default"))
    with pytest.raises(InvalidParameterValue, match="cannot change from 'default' to 'nowhere'"):
        client.serving_endpoints.put_ai_gateway(endpoint, inference_table_config=table("nowhere"))
    gateway = client.serving_endpoints.get(endpoint).ai_gateway
    assert gateway
    assert gateway.inference_table_config == table("default")


def test_a_deleted_endpoint_is_gone_with_all_that_belonged_to_it(client: WorkspaceClient, endpoint: str) -> None:
    made = client.serving_endpoints.create(endpoint).response
    client.serving_endpoints.delete(endpoint)
    for gone in (
        lambda: client.serving_endpoints.get(endpoint),
        lambda: client.serving_endpoints.delete(endpoint),
        lambda: client.permissions.get("serving-endpoints", str(made.id)),
        lambda: ask(client, endpoint),
    ):
        with pytest.raises(NotFound):
            gone()
    assert endpoint not in {found.name for found in client.serving_endpoints.list()}


def test_logs_are_given_of_what_is_served(client: WorkspaceClient, deployed: str, versions: Versions) -> None:
    assert isinstance(client.serving_endpoints.logs(deployed, f"bot-{versions[0]}").logs, str)
    assert "builds no container" in str(client.serving_endpoints.build_logs(deployed, f"bot-{versions[0]}").logs)
    with pytest.raises(NotFound, match="nothing"):
        client.serving_endpoints.build_logs(deployed, "nothing")


def test_what_an_endpoint_has_beside_its_config_is_kept_and_changed(client: WorkspaceClient) -> None:
    name = f"e{uuid.uuid4().hex[:8]}"
    mails = serving.EmailNotifications(on_update_failure=["ml@example.com"])
    telemetry = serving.TelemetryConfig(table_names=serving.UnityCatalogTableNames(logs_table="main.default.logs"))
    made = client.serving_endpoints.create(
        name,
        description="answers questions",
        budget_policy_id="b1",
        email_notifications=mails,
        route_optimized=True,
        telemetry_config=telemetry,
    ).response
    assert (made.description, made.budget_policy_id, made.route_optimized) == ("answers questions", "b1", True)
    assert (made.email_notifications, made.telemetry_config) == (mails, telemetry)
    mails = serving.EmailNotifications(on_update_success=["ops@example.com"])
    assert client.serving_endpoints.update_notifications(name, email_notifications=mails).email_notifications == mails
    client.serving_endpoints.patch_telemetry_config(name)
    bad = serving.EmailNotifications(on_update_failure=["ml"])
    with pytest.raises(InvalidParameterValue, match="is not an email address"):
        client.serving_endpoints.update_notifications(name, email_notifications=bad)
    with pytest.raises(InvalidParameterValue, match="at most 50 are allowed"):
        client.serving_endpoints.patch(name, add_tags=[serving.EndpointTag(str(n)) for n in range(51)])
    found = client.serving_endpoints.get(name)
    assert (found.email_notifications, found.telemetry_config, found.tags) == (mails, None, [])
    client.serving_endpoints.delete(name)
