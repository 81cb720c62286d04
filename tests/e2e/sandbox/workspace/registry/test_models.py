from __future__ import annotations

import threading
import uuid
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound, ResourceAlreadyExists
from mlflow import MlflowClient as Tracking
from mlflow.exceptions import MlflowException

from sandbox.home import Home
from sandbox.workspace.registry.artifact_addresses import to_databricks


@pytest.fixture
def model(client: WorkspaceClient, catalog: str) -> str:
    made = client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot", comment="c")
    assert made.full_name
    return made.full_name


@pytest.fixture
def tracking(mlflow_client: Tracking) -> Tracking:
    """In this file, both ways."""
    return mlflow_client


def test_unity_catalog_and_mlflow_see_the_same_model(client: WorkspaceClient, tracking: Tracking, model: str) -> None:
    assert tracking.get_registered_model(model).description == "c"
    tracking.update_registered_model(model, "changed")
    assert client.registered_models.get(model).comment == "changed"
    assert model in {found.full_name for found in client.registered_models.list()}


def test_a_model_made_through_mlflow_is_unity_catalogs(
    client: WorkspaceClient, tracking: Tracking, catalog: str
) -> None:
    tracking.create_registered_model(f"{catalog}.default.made_there")
    found = list(client.registered_models.list(catalog_name=catalog, schema_name="default"))
    assert [(item.catalog_name, item.schema_name, item.name) for item in found] == [(catalog, "default", "made_there")]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.default.bot", "CATALOG_DOES_NOT_EXIST: Catalog 'nowhere' does not exist"),
        ("main.nowhere.bot", r"SCHEMA_DOES_NOT_EXIST: Schema 'main\.nowhere' does not exist"),
        ("bot", "three parts"),
    ],
)
def test_mlflow_cannot_make_a_model_where_there_is_no_schema(tracking: Tracking, name: str, message: str) -> None:
    with pytest.raises(MlflowException, match=message):
        tracking.create_registered_model(name)
    assert name not in {found.name for found in tracking.search_registered_models()}


def test_the_case_of_catalog_and_schema_does_not_count(tracking: Tracking, way: str, catalog: str) -> None:
    name = f"{catalog.upper()}.default.bot"
    if way == "plain":
        with pytest.raises(MlflowException, match=rf"lower case: {catalog}\.default\.bot"):
            tracking.create_registered_model(name)
    else:
        assert tracking.create_registered_model(name).name == f"{catalog}.default.bot"


def test_mlflow_cannot_rename_a_model_out_of_its_schema(tracking: Tracking, model: str) -> None:
    with pytest.raises(MlflowException, match="Catalog 'nowhere' does not exist"):
        tracking.rename_registered_model(model, "nowhere.default.bot")
    assert tracking.get_registered_model(model).name == model


def test_a_model_cannot_be_made_twice_or_without_its_schema(client: WorkspaceClient, model: str) -> None:
    catalog = model.partition(".")[0]
    with pytest.raises(ResourceAlreadyExists, match="already exists"):
        client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot")
    with pytest.raises(NotFound, match="Schema"):
        client.registered_models.create(catalog_name=catalog, schema_name="nowhere", name="bot")


def test_versions_carry_their_source_and_lineage(
    client: WorkspaceClient, tracking: Tracking, model: str, saved: Path, source: str
) -> None:
    run = tracking.create_run(tracking.create_experiment(f"/Shared/{uuid.uuid4().hex}"))
    tracking.log_artifacts(run.info.run_id, str(saved), "chain")
    address = f"{run.info.artifact_uri}/chain"
    made = tracking.create_model_version(model, address, run.info.run_id)
    found = client.model_versions.get(model, int(made.version))
    assert (found.version, found.run_id, found.source) == (1, run.info.run_id, to_databricks(address))
    assert found.status
    assert found.status.value == "READY"
    assert found.run_workspace_id == client.get_workspace_id()
    other = tracking.create_model_version(model, source)
    assert client.model_versions.get(model, int(other.version)).run_id is None


def test_versions_come_in_pages_the_latest_first(
    client: WorkspaceClient, tracking: Tracking, model: str, source: str
) -> None:
    for _ in range(5):
        tracking.create_model_version(model, source)
    assert [found.version for found in client.model_versions.list(model, max_results=2)] == [5, 4, 3, 2, 1]


def test_aliases_move_and_only_a_get_that_asks_shows_them(
    client: WorkspaceClient, tracking: Tracking, model: str, source: str
) -> None:
    for _ in range(2):
        tracking.create_model_version(model, source)
    client.registered_models.set_alias(model, "champion", 1)
    client.registered_models.set_alias(model, "champion", 2)
    assert tracking.get_model_version_by_alias(model, "champion").version == "2"
    assert client.model_versions.get_by_alias(model, "champion").version == 2
    shown = client.registered_models.get(model, include_aliases=True).aliases or []
    assert [(alias.alias_name, alias.version_num) for alias in shown] == [("champion", 2)]
    assert not client.registered_models.get(model).aliases
    client.registered_models.delete_alias(model, "champion")
    with pytest.raises(NotFound, match="champion"):
        client.model_versions.get_by_alias(model, "champion")


def test_an_alias_of_a_version_that_does_not_exist_is_refused(client: WorkspaceClient, model: str) -> None:
    with pytest.raises((NotFound, InvalidParameterValue)):
        client.registered_models.set_alias(model, "champion", 99)
    assert not client.registered_models.get(model, include_aliases=True).aliases


def test_a_deleted_version_is_gone_from_both_views(
    client: WorkspaceClient, tracking: Tracking, model: str, source: str
) -> None:
    tracking.create_model_version(model, source)
    client.model_versions.update(model, 1, comment="about to go")
    assert tracking.get_model_version(model, "1").description == "about to go"
    client.model_versions.delete(model, 1)
    with pytest.raises(NotFound, match="Model Version '1'"):
        client.model_versions.get(model, 1)
    assert tracking.search_model_versions(f"name = '{model}'") == []


def test_a_renamed_model_keeps_its_versions_and_owner(
    client: WorkspaceClient, tracking: Tracking, model: str, source: str
) -> None:
    tracking.create_model_version(model, source)
    client.registered_models.update(model, owner="account users")
    renamed = client.registered_models.update(model, new_name="bot2")
    assert renamed.owner == "account users"
    assert [found.version for found in client.model_versions.list(str(renamed.full_name))] == [1]
    with pytest.raises(NotFound, match="bot"):
        client.registered_models.get(model)


def test_a_deleted_model_takes_its_versions_with_it(
    client: WorkspaceClient, tracking: Tracking, way: str, model: str, source: str
) -> None:
    tracking.create_model_version(model, source)
    client.registered_models.delete(model)
    with pytest.raises(NotFound, match="Routine or Model"):
        list(client.model_versions.list(model))
    if way == "plain":
        assert tracking.search_model_versions(f"name = '{model}'") == []
    else:
        with pytest.raises(MlflowException, match="Routine or Model"):
            tracking.search_model_versions(f"name = '{model}'")


def test_a_prompt_is_no_model(client: WorkspaceClient, home: Home) -> None:
    Tracking(home.url, home.url).register_prompt("greeting", "Hello {{name}}")
    # MLflow tags it from a thread, which would go on for minutes after the sandbox has stopped.
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        if not thread.daemon:
            thread.join(60)
    assert "greeting" not in {found.name for found in client.registered_models.list()}
