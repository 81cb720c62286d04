"""The chatbot's real versions, in a store of MLflow's own and in the sandbox as a Databricks workspace."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config

from examples.chatbot import training
from examples.chatbot.versions import VERSIONS
from model_ops import extras
from model_ops.scoring.spark_session import missing, spark_session
from model_ops.workspace.mlflow_session import QUIET, signed_in
from sandbox import lifecycle
from sandbox.home import Home

NOISE = [
    # MLflow's own models of its database use an option that SQLAlchemy 2.1 is about to drop.
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning",
    # MLflow describes its own response types when mlflow.pyfunc is imported; ours declare everything.
    "ignore:.*Any type hint is inferred as AnyType:UserWarning",
    "ignore:.*Add type hints to the `predict` method:UserWarning",
    # The seed's own snippet, called as it stands, hears what pyspark says of pandas 3.
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
]
MODEL = "local.chatbot.dbdemos_advanced_chatbot_model"
EXPERIMENT = "/Shared/chatbot"
QUESTIONS = ("What is drift?", "How do I roll back?", "What is a warm version?", "What is drift?", "Who may query?")


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One version of the chatbot where it was registered."""

    run_id: str
    by_run: str
    by_version: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, the warnings about MLflow's own code."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for noise in NOISE:
                item.add_marker(pytest.mark.filterwarnings(noise))


@dataclass(frozen=True)
class Trained:
    """Versions of the chatbot, and how MLflow is pointed at where they are."""

    session: Callable[[], AbstractContextManager[None]]
    versions: dict[int, Registered]


@pytest.fixture(scope="session", params=["store", "databricks"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """Versions 6, 7 and 9 of the chatbot, in a store of MLflow's own or in a sandbox; 9 does not load."""
    root = tmp_path_factory.mktemp(request.param)
    with _store(root) if request.param == "store" else _databricks(root) as session:
        with session():
            versions = {n: _train(n) for n in (6, 7, 9)}
        yield Trained(session, versions)


@contextmanager
def _store(root: Path) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    @contextmanager
    def session() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in QUIET.items():
                patch.setenv(name, value)
            patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root / 'mlflow.db'}")
            patch.delenv("MLFLOW_REGISTRY_URI", raising=False)
            yield

    with session():
        mlflow.create_experiment(EXPERIMENT, artifact_location=(root / "artifacts").as_uri())
    yield session


@contextmanager
def _databricks(root: Path) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    home = Home(root / "sandbox")
    lifecycle.start(home)
    try:
        client = WorkspaceClient(config=Config(host=home.url, token=home.token))
        client.catalogs.create("local")
        client.schemas.create("chatbot", "local")
        yield lambda: signed_in(home.url, home.token)
    finally:
        lifecycle.stop(home)


@pytest.fixture(scope="module")
def versions(trained: Trained) -> Iterator[dict[int, Registered]]:
    """The versions, with MLflow pointed at them as `model-ops` points it."""
    with trained.session():
        yield trained.versions


def _train(number: int) -> Registered:
    trained = training.train(VERSIONS[number], model=MODEL, experiment=EXPERIMENT)
    by_version = f"models:/{trained.model}/{trained.model_version}"
    return Registered(run_id=trained.run_id, by_run=f"runs:/{trained.run_id}/chain", by_version=by_version)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """The one session of Spark; nothing of it is left at the end."""
    if reason := missing() or ", ".join(extras.missing("spark")):
        (pytest.fail if shutil.which("java") else pytest.skip)(reason)
    with spark_session() as session:
        context = session.sparkContext
        gateway = context._gateway
        yield session
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=30)
    type(context)._gateway = type(context)._jvm = None


@pytest.fixture(scope="session")
def batches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same questions in each format, by suffix."""
    folder = tmp_path_factory.mktemp("batches")
    rows = [{"id": f"00{n}", "messages": [{"role": "user", "content": text}]} for n, text in enumerate(QUESTIONS)]
    files = {suffix: folder / f"in{suffix}" for suffix in (".csv", ".jsonl", ".parquet")}
    cells = [json.dumps(row["messages"]).replace('"', '""') for row in rows]
    lines = [f'{row["id"]},"{cell}"\n' for row, cell in zip(rows, cells, strict=True)]
    files[".csv"].write_text("".join(["id,messages\n", *lines]))
    files[".jsonl"].write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    pq.write_table(pa.Table.from_pylist(rows), files[".parquet"])
    return files
