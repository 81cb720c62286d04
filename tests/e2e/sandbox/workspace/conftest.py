"""One sandbox for the whole session, and clients of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from sandbox import lifecycle
from sandbox.home import Home

THIRD_PARTY_NOISE = [
    # MLflow describes its own response types when mlflow.pyfunc is imported, and asks for type hints.
    "ignore:.*Any type hint is inferred as AnyType:UserWarning",
    "ignore:.*Add type hints to the `predict` method:UserWarning",
    # The tests' model needs no example of its input.
    "ignore:.*An input example was not provided:UserWarning",
]
WAYS = ("plain", "databricks-uc")
"""How MLflow's client reaches the workspace: as any MLflow server, or as it reaches Databricks."""
TEXT = Schema([ColSpec("string", "question")])
SIGNATURE = ModelSignature(inputs=TEXT, outputs=Schema([ColSpec("string")]))
MODEL = "serving.default.bot"
Register = Callable[..., int]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, the warnings about MLflow's own code."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for noise in THIRD_PARTY_NOISE:
                item.add_marker(pytest.mark.filterwarnings(noise))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A sandbox that runs."""
    started = Home(tmp_path_factory.mktemp("workspace") / "sandbox")
    lifecycle.start(started)
    yield started
    lifecycle.stop(started)


def spoken(home: Home, way: str) -> dict[str, str]:
    """What a user sets for a way."""
    if way == "plain":
        return {"MLFLOW_TRACKING_URI": home.url, "MLFLOW_REGISTRY_URI": home.url}
    return {"MLFLOW_TRACKING_URI": "databricks", "MLFLOW_REGISTRY_URI": "databricks-uc"}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the ways, in turn; MLflow's own functions go it too."""
    for name, value in spoken(home, request.param).items():
        monkeypatch.setenv(name, value)
    return str(request.param)


@pytest.fixture
def mlflow_client(way: str) -> mlflow.MlflowClient:
    """MLflow's client, the one way and the other."""
    return mlflow.MlflowClient()


@pytest.fixture(scope="session", autouse=True)
def environment(home: Home) -> Iterator[None]:
    """What a user sets to work with the sandbox."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABRICKS_CONFIG_PROFILE", "MLFLOW_REGISTRY_URI"):
            patch.delenv(name, raising=False)
        patch.setenv("DATABRICKS_HOST", home.url)
        patch.setenv("DATABRICKS_TOKEN", home.token)
        patch.setenv("MLFLOW_TRACKING_URI", home.url)
        patch.setenv("MLFLOW_TRACKING_TOKEN", home.token)
        patch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
        yield


@pytest.fixture
def home_url(home: Home) -> str:
    return home.url


@pytest.fixture(scope="session")
def client(home: Home) -> WorkspaceClient:
    return WorkspaceClient(config=Config(host=home.url, token=home.token))


@pytest.fixture(scope="session")
def tracking(home: Home) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(home.url, home.url)


@pytest.fixture
def curl(home: Home) -> Iterator[httpx.Client]:
    """Sends what the SDK would not."""
    headers = {"Authorization": f"Bearer {home.token}"}
    with httpx.Client(base_url=home.url, headers=headers, timeout=60) as plain:
        yield plain


@pytest.fixture
def catalog(client: WorkspaceClient) -> Iterator[str]:
    """A catalog of the test's own."""
    name = f"c{uuid.uuid4().hex[:8]}"
    client.catalogs.create(name)
    yield name
    if name in {found.name for found in client.catalogs.list()}:
        client.catalogs.delete(name, force=True)


def log_version(
    names: dict[str, str],
    experiment: str,
    answer: str,
    name: str = MODEL,
    signature: Any = SIGNATURE,
    code: str = "answering.py",
) -> int:
    """Log a model of `code` that gives `answer`, with the variables `names` set, and register it as a version."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for variable, value in names.items():
            patch.setenv(variable, value)
        stack.enter_context(mlflow.start_run(experiment_id=experiment))
        info = mlflow.pyfunc.log_model(
            name="chain",
            python_model=str(Path(__file__).parent / code),
            model_config={"answer": answer},
            signature=signature,
            registered_model_name=name,
            pip_requirements=[],
        )
    return int(info.registered_model_version)


@pytest.fixture(scope="session")
def register(client: WorkspaceClient, home: Home, environment: None) -> Register:
    """Log a model and register it as the next version of a name; returns its number."""
    experiment = mlflow.set_experiment("/Shared/tests")

    def log(answer: str, name: str = MODEL, signature: Any = SIGNATURE, way: str = "plain", **more: str) -> int:
        return log_version(spoken(home, way), experiment.experiment_id, answer, name, signature, **more)

    client.catalogs.create(MODEL.partition(".")[0])
    return log


@pytest.fixture(scope="session")
def versions(register: Register) -> tuple[int, int]:
    """Two versions of MODEL: the first answers `one`, the second, registered as in Databricks, `two`."""
    return register("one"), register("two", way="databricks-uc")


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a model that is nowhere registered; it answers `saved`."""
    path = tmp_path_factory.mktemp("saved") / "chain"
    mlflow.pyfunc.save_model(
        path,
        python_model=str(Path(__file__).parent / "answering.py"),
        model_config={"answer": "saved"},
        signature=SIGNATURE,
        pip_requirements=[],
    )
    return path


@pytest.fixture(scope="session")
def in_run(home: Home, saved: Path, environment: None) -> str:
    """The address of a model in a run."""
    plain = mlflow.MlflowClient(home.url, home.url)
    run = plain.create_run(plain.create_experiment("/Shared/source"))
    plain.log_artifacts(run.info.run_id, str(saved), "chain")
    return f"runs:/{run.info.run_id}/chain"


@pytest.fixture
def source(way: str, in_run: str) -> str:
    """What a version can be made from: plain MLflow does not look at it, the other way copies its files."""
    return "s3://elsewhere/model" if way == "plain" else in_run
