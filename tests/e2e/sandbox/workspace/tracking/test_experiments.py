from __future__ import annotations

import uuid

import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound, ResourceAlreadyExists


@pytest.fixture
def tracking(mlflow_client: mlflow.MlflowClient) -> mlflow.MlflowClient:
    """In this file, both ways."""
    return mlflow_client


def test_an_experiment_is_made_through_either_client(client: WorkspaceClient, tracking: mlflow.MlflowClient) -> None:
    name = f"/Shared/{uuid.uuid4().hex}"
    made = client.experiments.create_experiment(name)
    assert tracking.get_experiment_by_name(name).experiment_id == made.experiment_id
    with pytest.raises(ResourceAlreadyExists):
        client.experiments.create_experiment(name)


def test_the_name_of_a_deleted_experiment_is_free_again(client: WorkspaceClient, tracking: mlflow.MlflowClient) -> None:
    name = f"/Shared/{uuid.uuid4().hex}"
    old = str(client.experiments.create_experiment(name).experiment_id)
    run = tracking.create_run(old)
    client.experiments.delete_experiment(old)
    with pytest.raises(NotFound):
        client.experiments.get_by_name(name)
    new = client.experiments.create_experiment(name).experiment_id
    assert new != old
    assert tracking.get_run(run.info.run_id).info.experiment_id == old


def test_deleting_an_experiment_that_is_not_there_is_not_found(client: WorkspaceClient) -> None:
    with pytest.raises(NotFound):
        client.experiments.delete_experiment("987654")


def test_training_that_names_no_experiment_is_told_so_in_databricks_words(client: WorkspaceClient) -> None:
    for experiment in (None, "None"):
        with pytest.raises(NotFound, match=r"^No experiment was found\..* MLFLOW_EXPERIMENT_NAME="):
            client.experiments.create_run(experiment_id=experiment)


def test_a_search_and_a_list_that_leave_everything_out_give_the_experiments(client: WorkspaceClient) -> None:
    name = f"/Shared/{uuid.uuid4().hex}"
    made = client.experiments.create_experiment(name).experiment_id
    answer = client.api_client.do("POST", "/api/2.0/mlflow/experiments/search", body={})
    assert {"experiment_id": made, "name": name}.items() <= next(
        found for found in answer["experiments"] if found["name"] == name
    ).items()
    assert name in {found.name for found in client.experiments.search_experiments()}
    assert name in {found.name for found in client.experiments.list_experiments()}
    with pytest.raises(InvalidParameterValue, match="must be a positive integer"):
        client.api_client.do("POST", "/api/2.0/mlflow/experiments/search", body={"max_results": -1})
