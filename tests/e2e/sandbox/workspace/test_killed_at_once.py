"""Everything of a sandbox is killed at once, as a machine that loses its power does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import psutil
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.service.serving import (
    EndpointCoreConfigInput,
    EndpointStateReady,
    Route,
    ServedEntityInput,
    TrafficConfig,
)
from mlflow.models import infer_signature

from sandbox import lifecycle
from sandbox.home import Home
from sandbox.serving.instance import wait_until
from tests.e2e.sandbox import processes
from tests.e2e.sandbox.model_servers import model_servers
from tests.e2e.sandbox.workspace.conftest import WAYS, log_version, spoken

MODEL, ENDPOINT = "serving.default.bot", "chat"
PARTS = {"sandbox.serving", "sandbox.workspace", "sandbox.serving.forking"}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A sandbox that runs, of the test's own, which MLflow's client may sign in to."""
    home = Home(tmp_path / "sandbox")
    lifecycle.start(home)
    signs = {"DATABRICKS_HOST": home.url, "DATABRICKS_TOKEN": home.token, "MLFLOW_TRACKING_TOKEN": home.token}
    for name, value in signs.items():
        monkeypatch.setenv(name, value)
    yield home
    lifecycle.stop(home)


@pytest.fixture
def admin(own: Home) -> WorkspaceClient:
    return WorkspaceClient(config=Config(host=own.url, token=own.token))


@pytest.fixture
def registry(own: Home) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(own.url, own.url)


@pytest.fixture
def versions(own: Home, admin: WorkspaceClient, registry: mlflow.MlflowClient) -> list[str]:
    """Two versions that answer `alive`, registered as with any MLflow server and as with Databricks."""
    admin.catalogs.create(MODEL.partition(".")[0])
    experiment = registry.create_experiment("/Shared/killed")
    signature = infer_signature([{"question": "?"}], ["answer"])
    logged = (log_version(spoken(own, way), experiment, "alive", MODEL, signature) for way in WAYS)
    return [str(version) for version in logged]


@pytest.fixture
def endpoint(admin: WorkspaceClient, versions: list[str]) -> str:
    """An endpoint that serves both versions, and has answered."""
    entities = [
        ServedEntityInput(entity_name=MODEL, entity_version=version, workload_size="Small") for version in versions
    ]
    routes = [Route(50, served_model_name=f"bot-{version}") for version in versions]
    config = EndpointCoreConfigInput(
        name=ENDPOINT, served_entities=entities, traffic_config=TrafficConfig(routes=routes)
    )
    admin.serving_endpoints.create_and_wait(ENDPOINT, config=config)
    assert ask(admin) == ["alive"]
    return ENDPOINT


def ask(admin: WorkspaceClient) -> Any:
    return admin.serving_endpoints.query(ENDPOINT, dataframe_records=[{"question": "?"}]).predictions


def ready(admin: WorkspaceClient) -> bool:
    state = admin.serving_endpoints.get(ENDPOINT).state
    return state is not None and state.ready == EndpointStateReady.READY


def config(admin: WorkspaceClient) -> dict[str, Any]:
    found = admin.serving_endpoints.get(ENDPOINT).config
    assert found is not None
    return found.as_dict()


def registered(registry: mlflow.MlflowClient, versions: list[str]) -> list[dict[str, Any]]:
    known = [dict(registry.get_model_version(MODEL, version)) for version in versions]
    return [dict(registry.get_registered_model(MODEL)), *known]


def generation(home: Home) -> list[psutil.Process]:
    """The router and all that descends from it."""
    router = lifecycle.running(home)
    assert router is not None
    return [psutil.Process(router), *processes.below(router)]


def kill_at_once(victims: list[psutil.Process]) -> None:
    """Stop all of them first, so that none sees another die."""
    for victim in victims:
        victim.suspend()
    for victim in victims:
        victim.kill()


def test_all_that_was_served_and_registered_is_there_after_everything_was_killed_at_once(
    own: Home, admin: WorkspaceClient, registry: mlflow.MlflowClient, versions: list[str], endpoint: str
) -> None:
    known, served, first = registered(registry, versions), config(admin), generation(own)
    assert {word for process in first for word in process.cmdline()} >= PARTS
    assert len(model_servers(own)) == 2
    kill_at_once(first)
    assert wait_until(lambda: lifecycle.running(own) is None, 10)
    lifecycle.start(own)
    assert processes.left(first) == []
    assert registered(registry, versions) == known
    assert wait_until(lambda: ready(admin), 60), "it serves again"
    assert config(admin) == served
    assert ask(admin) == ["alive"]
    second = generation(own)
    assert {word for process in second for word in process.cmdline()} >= PARTS
    assert len(model_servers(own)) == 2
    assert not {process.pid for process in first} & {process.pid for process in second}
