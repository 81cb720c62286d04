"""Each client sees artifact addresses as the server that it takes the sandbox for would write them."""

from __future__ import annotations

import uuid

import httpx
import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue

from sandbox.home import Home
from tests.e2e.sandbox.workspace.conftest import MODEL

STORES = {"plain": "mlflow-artifacts:/", "databricks-uc": "dbfs:/databricks/mlflow-tracking/"}
MODELS = {"plain": "models", "databricks-uc": "logged_models"}


def test_an_address_is_spelled_for_the_client_that_asks(mlflow_client: mlflow.MlflowClient, way: str) -> None:
    experiment = mlflow_client.create_experiment(f"/Shared/{uuid.uuid4().hex}")
    store = f"{STORES[way]}{experiment}"
    assert mlflow_client.get_experiment(experiment).artifact_location == store
    run = mlflow_client.create_run(experiment)
    assert run.info.artifact_uri == f"{store}/{run.info.run_id}/artifacts"
    (found,) = mlflow_client.search_runs([experiment])
    assert found.info.artifact_uri == run.info.artifact_uri
    model = mlflow_client.create_logged_model(experiment, name="chain")
    assert model.artifact_location == f"{store}/{MODELS[way]}/{model.model_id}/artifacts"
    (listed,) = mlflow_client.search_logged_models([experiment])
    assert listed.artifact_location == model.artifact_location


def test_both_clients_see_one_run(client: WorkspaceClient, tracking: mlflow.MlflowClient, curl: httpx.Client) -> None:
    experiment = tracking.create_experiment(f"/Shared/{uuid.uuid4().hex}")
    run = tracking.create_run(experiment).info
    path = f"{experiment}/{run.run_id}/artifacts"
    seen = client.experiments.get_run(run.run_id).run
    assert seen
    assert seen.info
    assert (run.artifact_uri, seen.info.artifact_uri) == (STORES["plain"] + path, STORES["databricks-uc"] + path)
    web = curl.get("/ajax-api/2.0/mlflow/runs/get", params={"run_id": run.run_id}).json()
    assert web["run"]["info"]["artifact_uri"] == run.artifact_uri


def test_an_address_that_was_given_can_be_sent_back(mlflow_client: mlflow.MlflowClient, way: str) -> None:
    name = uuid.uuid4().hex
    experiment = mlflow_client.create_experiment(f"/Shared/{name}", artifact_location=f"{STORES[way]}{name}")
    run = mlflow_client.create_run(experiment).info
    assert run.artifact_uri == f"{STORES[way]}{name}/{run.run_id}/artifacts"
    (found,) = mlflow_client.search_runs([experiment], f"attributes.artifact_uri = '{run.artifact_uri}'")
    assert found.info.run_id == run.run_id
    assert not mlflow_client.search_runs([experiment], f"attributes.artifact_uri = '{run.artifact_uri}x'")


def test_a_location_that_is_nowhere_in_the_store_is_refused(client: WorkspaceClient) -> None:
    for location in ("dbfs:/elsewhere", "dbfs:/databricks/mlflow-tracking/unity-catalog/x", "abfss://c@a/x"):
        with pytest.raises(InvalidParameterValue, match="artifact_location"):
            client.experiments.create_experiment(f"/Shared/{uuid.uuid4().hex}", artifact_location=location)


def test_the_files_of_a_version_have_an_address_for_each(
    mlflow_client: mlflow.MlflowClient, way: str, versions: tuple[int, int], home: Home
) -> None:
    uri = mlflow_client.get_model_version_download_uri(MODEL, str(versions[1]))
    assert uri.startswith(f"{STORES[way]}unity-catalog/")
    assert mlflow.pyfunc.load_model(uri).predict([{"question": "?"}]) == ["two"]


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/databricks-config",
        "/api/2.0/mlflow/experiments/search",
        "/api/2.1/unity-catalog/models",
        "/x",
        "/",
    ],
)
def test_each_answer_names_the_workspace(curl: httpx.Client, client: WorkspaceClient, path: str) -> None:
    assert curl.get(path).headers["x-databricks-org-id"] == str(client.get_workspace_id())
