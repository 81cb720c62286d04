"""The version that reads its passages from an index: trained, served with its variables, and lost without them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import mlflow
import pytest
import yaml
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import OperationFailed
from databricks.sdk.service.serving import EndpointCoreConfigInput, ServedEntityInput
from databricks.sdk.service.vectorsearch import (
    DirectAccessVectorIndexSpec,
    EmbeddingVectorColumn,
    EndpointType,
    VectorIndexType,
)
from mlflow.artifacts import download_artifacts

from examples.chatbot import training, vectors
from examples.chatbot.training import TrainedVersion
from examples.chatbot.versions import VERSIONS
from sandbox import lifecycle
from sandbox.home import Home

MODEL, INDEX = "local.chatbot.bot", "local.chatbot.docs_index"
COLUMNS = '{"id": "string", "topic": "string", "title": "string", "text": "string", "vector": "array<float>"}'
BOUND = timedelta(minutes=4)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A sandbox, and an environment that leads MLflow and the SDK there, as in a training job."""
    started = Home(tmp_path_factory.mktemp("indexed") / "sandbox")
    lifecycle.start(started)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("DATABRICKS_", "MLFLOW_"))]:
            patch.delenv(name)
        patch.setenv("DATABRICKS_HOST", started.url)
        patch.setenv("DATABRICKS_TOKEN", started.token)
        patch.setenv("MLFLOW_TRACKING_URI", "databricks")
        patch.setenv("MLFLOW_REGISTRY_URI", "databricks-uc")
        yield started
    lifecycle.stop(started)


@pytest.fixture(scope="module")
def client(home: Home) -> WorkspaceClient:
    return WorkspaceClient()


@pytest.fixture(scope="module")
def trained(client: WorkspaceClient) -> TrainedVersion:
    """Version 8, registered from a run, with its passages in an index that somebody made before."""
    client.catalogs.create("local")
    client.schemas.create("chatbot", "local")
    client.vector_search_endpoints.create_endpoint("docs", EndpointType.STANDARD)
    column = EmbeddingVectorColumn(name="vector", embedding_dimension=vectors.DIMENSION)
    spec = DirectAccessVectorIndexSpec(embedding_vector_columns=[column], schema_json=COLUMNS)
    client.vector_search_indexes.create_index(
        INDEX, "docs", "id", VectorIndexType.DIRECT_ACCESS, direct_access_index_spec=spec
    )
    return training.train(VERSIONS[8], model=MODEL, experiment="/Shared/chatbot", remote=INDEX)


def served(trained: TrainedVersion, **variables: str) -> ServedEntityInput:
    return ServedEntityInput(
        name="bot-v8",
        entity_name=MODEL,
        entity_version=str(trained.model_version),
        workload_size="Small",
        scale_to_zero_enabled=False,
        environment_vars=variables,
    )


@pytest.fixture(scope="module")
def endpoint(client: WorkspaceClient, home: Home, trained: TrainedVersion) -> str:
    entity = served(trained, DOCS_INDEX=INDEX, DATABRICKS_HOST=home.url, DATABRICKS_TOKEN=home.token)
    config = EndpointCoreConfigInput(name="bot", served_entities=[entity])
    client.serving_endpoints.create_and_wait("bot", config=config, timeout=BOUND)
    return "bot"


def ask(client: WorkspaceClient, question: str) -> str:
    messages = [{"role": "user", "content": question}]
    found: Any = client.api_client.do("POST", "/serving-endpoints/bot/invocations", body={"messages": messages})
    return str(found[0])


def test_it_is_logged_with_its_index_declared_and_no_passage_in_it(trained: TrainedVersion, tmp_path: Path) -> None:
    root = Path(download_artifacts(f"runs:/{trained.run_id}/chain", dst_path=str(tmp_path)))
    declared = yaml.safe_load((root / "MLmodel").read_text())["resources"]
    assert declared == {"api_version": "1", "databricks": {"vector_search_index": [{"name": INDEX}]}}
    texts = "".join(file.read_text() for file in root.rglob("*") if file.suffix in {".json", ".py", ".yaml"})
    assert "To roll back, edit" not in texts
    assert (root / "code/examples/chatbot/vector_index.py").is_file()


def test_it_answers_from_the_index_as_the_version_that_carries_its_own(client: WorkspaceClient, endpoint: str) -> None:
    answer = ask(client, "How do I roll back to an earlier version of the model?")
    assert answer.startswith("To roll back, edit `servedVersion`")
    assert "[Rolling back: How to roll back]" in answer
    assert "I found nothing" in ask(client, "zzz")


def test_what_is_taken_out_of_the_index_is_answered_no_more(client: WorkspaceClient, endpoint: str) -> None:
    client.vector_search_indexes.delete_data_vector_index(INDEX, ["rollback/how-to-roll-back"])
    answer = ask(client, "How do I roll back to an earlier version of the model?")
    assert "[Rolling back: How to roll back]" not in answer
    assert answer


def test_without_a_variable_it_is_not_deployed_and_the_old_deployment_serves_on(
    client: WorkspaceClient, home: Home, endpoint: str, trained: TrainedVersion
) -> None:
    entity = served(trained, DOCS_INDEX=INDEX, DATABRICKS_HOST=home.url)
    with pytest.raises(OperationFailed):
        client.serving_endpoints.update_config_and_wait(endpoint, served_entities=[entity], timeout=BOUND)
    assert "DATABRICKS_TOKEN: not set" in client.serving_endpoints.logs(endpoint, "bot-v8").logs
    assert ask(client, "What is drift?")


def test_its_token_is_in_no_file_of_the_model(home: Home, trained: TrainedVersion, tmp_path: Path) -> None:
    root = Path(download_artifacts(f"runs:/{trained.run_id}/chain", dst_path=str(tmp_path)))
    assert [file for file in root.rglob("*") if file.is_file() and home.token.encode() in file.read_bytes()] == []
    assert mlflow.get_run(trained.run_id).data.params["remote"] == "True"
