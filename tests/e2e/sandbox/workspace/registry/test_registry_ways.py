"""What MLflow's clients of the two ways, and Unity Catalog's, see of one another's models."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import httpx
import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import ResourceAlreadyExists
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

from sandbox.home import Home
from tests.e2e.sandbox.workspace.conftest import MODEL
from tests.e2e.sandbox.workspace.pending import PREFIX, Pending

Versions = tuple[int, int]


@pytest.fixture
def databricks(home: Home, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """MLflow's client as it reaches Databricks; MLflow's own functions go the same way."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "databricks")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "databricks-uc")
    return MlflowClient()


@pytest.fixture
def clients(tracking: MlflowClient, databricks: MlflowClient) -> tuple[MlflowClient, MlflowClient]:
    return tracking, databricks


def test_tags_and_aliases_of_one_way_are_the_others(
    clients: tuple[MlflowClient, MlflowClient], versions: Versions, client: WorkspaceClient
) -> None:
    for writer, reader in (clients, clients[::-1]):
        writer.set_registered_model_tag(MODEL, "team", "ml")
        writer.set_model_version_tag(MODEL, str(versions[0]), "ü", "1 2")
        writer.set_registered_model_alias(MODEL, "champion", versions[0])
        found = reader.get_model_version_by_alias(MODEL, "champion")
        assert (found.version, found.tags, found.aliases) == (str(versions[0]), {"ü": "1 2"}, ["champion"])
        assert reader.get_registered_model(MODEL).tags == {"team": "ml"}
        assert client.model_versions.get_by_alias(MODEL, "champion").version == versions[0]
        assert {type(mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")).__name__} == {"PyFuncModel"}
        reader.delete_registered_model_tag(MODEL, "team")
        reader.delete_model_version_tag(MODEL, str(versions[0]), "ü")
        reader.delete_registered_model_alias(MODEL, "champion")
        assert writer.get_registered_model(MODEL).tags == {}
        assert dict(writer.get_registered_model(MODEL).aliases) == {}
        assert writer.get_model_version(MODEL, str(versions[0])).tags == {}


def test_an_alias_is_one_whatever_its_case_for_every_client(
    clients: tuple[MlflowClient, MlflowClient], versions: Versions, client: WorkspaceClient
) -> None:
    for writer, reader in (clients, clients[::-1]):
        writer.set_registered_model_alias(MODEL, "Champion", versions[0])
        client.registered_models.set_alias(MODEL, "CHAMPION", int(versions[1]))
        assert dict(reader.get_registered_model(MODEL).aliases) == {"champion": str(versions[1])}
        assert reader.get_model_version_by_alias(MODEL, "cHampion").version == str(versions[1])
        assert client.model_versions.get_by_alias(MODEL, "Champion").version == versions[1]
        assert {type(mlflow.pyfunc.load_model(f"models:/{MODEL}@Champion")).__name__} == {"PyFuncModel"}
        writer.delete_registered_model_alias(MODEL, "ChampioN")
        assert dict(reader.get_registered_model(MODEL).aliases) == {}
        with pytest.raises(MlflowException, match=r"(?i)champion"):
            reader.get_model_version_by_alias(MODEL, "champion")


def test_lists_carry_neither_tags_nor_aliases(curl: httpx.Client, databricks: MlflowClient, versions: Versions) -> None:
    databricks.set_registered_model_alias(MODEL, "champion", versions[1])
    databricks.set_model_version_tag(MODEL, str(versions[1]), "a", "b")
    query = {"filter": f"name = '{MODEL}'"}
    listed = curl.get(f"{PREFIX}/model-versions/search", params=query).json()["model_versions"]
    assert [found["version"] for found in listed] == [str(version) for version in reversed(versions)]
    models = curl.get(f"{PREFIX}/registered-models/search").json()["registered_models"]
    assert MODEL in {found["name"] for found in models}
    assert not [found for found in (*listed, *models) if found.keys() & {"aliases", "tags"}]


def test_pages_hold_everything_once(curl: httpx.Client, databricks: MlflowClient, catalog: str) -> None:
    made = [Pending.begin(curl, f"{catalog}.default.bot").version for _ in range(5)]
    found: list[str] = []
    token = None
    while True:
        part = databricks.search_model_versions(f"name = '{catalog}.default.bot'", max_results=2, page_token=token)
        assert len(part) <= 2
        found += [version.version for version in part]
        if not (token := part.token):
            break
    assert found == made[::-1]


@pytest.mark.parametrize(
    "query", [{"max_results": "-1"}, {"max_results": "x"}, {"page_token": "x"}, {"page_token": "\0"}]
)
@pytest.mark.parametrize("kind", ["registered-models", "model-versions"])
def test_a_page_that_is_none_is_refused(curl: httpx.Client, kind: str, query: dict[str, str]) -> None:
    refused = curl.get(f"{PREFIX}/{kind}/search", params=query)
    assert refused.status_code == 400
    assert refused.json()["error_code"] in {"INVALID_PARAMETER_VALUE", "MALFORMED_REQUEST"}


def test_files_that_a_copy_refers_to_stay_for_it(
    databricks: MlflowClient, tracking: MlflowClient, versions: Versions, catalog: str
) -> None:
    own, copy = f"{catalog}.default.own", f"{catalog}.default.copy"
    databricks.copy_model_version(f"models:/{MODEL}/{versions[1]}", own)
    tracking.copy_model_version(f"models:/{own}/1", copy)
    databricks.delete_registered_model(own)
    assert mlflow.pyfunc.load_model(f"models:/{copy}/1").predict([{"question": "?"}]) == ["two"]


def test_versions_are_found_by_their_run(databricks: MlflowClient, versions: Versions) -> None:
    made = [databricks.get_model_version(MODEL, str(version)) for version in versions]
    for version in made:
        (found,) = databricks.search_model_versions(f"run_id = '{version.run_id}'")
        assert (found.name, found.version) == (MODEL, version.version)
    with pytest.raises(MlflowException, match="filter: it is name"):
        databricks.search_model_versions("source_path = 'x' OR 1=1")


def test_a_version_is_copied_with_its_files(
    databricks: MlflowClient, tracking: MlflowClient, versions: Versions, catalog: str
) -> None:
    name = f"{catalog}.default.copy"
    copied = databricks.copy_model_version(f"models:/{MODEL}/{versions[1]}", name)
    assert copied.run_id == databricks.get_model_version(MODEL, str(versions[1])).run_id
    assert copied.source == f"models:/{MODEL}/{versions[1]}"
    assert mlflow.pyfunc.load_model(f"models:/{name}/{copied.version}").predict([{"question": "?"}]) == ["two"]
    assert tracking.get_model_version(name, copied.version).run_id == copied.run_id


def test_a_version_knows_run_figures_and_logged_model(databricks: MlflowClient, catalog: str) -> None:
    with mlflow.start_run(experiment_id=databricks.create_experiment(f"/Shared/{catalog}")) as run:
        mlflow.log_param("passages", 3)
        info = mlflow.pyfunc.log_model(
            name="chain",
            python_model=str(Path(__file__).parents[1] / "answering.py"),
            model_config={"answer": "figures"},
            signature=mlflow.models.infer_signature([{"question": "?"}], ["answer"]),
            pip_requirements=[],
        )
        mlflow.log_metrics({"hit_rate": 0.5}, model_id=info.model_id)
    made = mlflow.register_model(info.model_uri, f"{catalog}.default.bot")
    found = databricks.get_model_version(made.name, made.version)
    assert (found.run_id, found.model_id, found.source) == (run.info.run_id, info.model_id, info.model_uri)
    assert {metric.key: metric.value for metric in found.metrics} == {"hit_rate": 0.5}
    assert {param.key: param.value for param in found.params} == {"passages": "3"}
    assert mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/chain").predict([{"question": "?"}]) == ["figures"]


def test_names_that_are_taken_are_refused_as_unity_catalog_does(
    databricks: MlflowClient, client: WorkspaceClient, catalog: str
) -> None:
    databricks.create_registered_model(f"{catalog}.default.bot", tags={"a": "b"}, description="text")
    assert databricks.get_registered_model(f"{catalog}.default.bot").tags == {"a": "b"}
    with pytest.raises(MlflowException, match="already exists") as refused:
        databricks.create_registered_model(f"{catalog}.default.bot")
    assert refused.value.error_code == "RESOURCE_ALREADY_EXISTS"
    with pytest.raises(ResourceAlreadyExists):
        client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot")


def test_a_model_is_renamed_within_its_schema(databricks: MlflowClient, client: WorkspaceClient, catalog: str) -> None:
    old, new = f"{catalog}.default.old", f"{catalog}.default.new"
    databricks.create_registered_model(old)
    client.registered_models.update(old, owner="account users")
    databricks.rename_registered_model(old, new)
    assert client.registered_models.get(new).owner == "account users"
    with pytest.raises(MlflowException, match="stays in its schema"):
        databricks.rename_registered_model(new, "main.default.new")


def test_nothing_falls_back_warns_or_tries_again(
    databricks: MlflowClient, versions: Versions, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = databricks.create_run(databricks.create_experiment(f"/Shared/{tmp_path.name}-quiet"))
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "big").write_bytes(os.urandom(51 * 1024 * 1024))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("mlflow", "databricks.sdk", "urllib3"):
            patch.setattr(logging.getLogger(name), "propagate", True)
            caplog.set_level(logging.DEBUG, name)
        for name in ("a", "big"):
            databricks.log_artifact(run.info.run_id, str(tmp_path / name), "some dir")
        got = download_artifacts(run_id=run.info.run_id, artifact_path="some dir", dst_path=str(tmp_path / "got"))
        download_artifacts(f"models:/{MODEL}/{versions[1]}", dst_path=str(tmp_path))
    assert (Path(got) / "big").read_bytes() == (tmp_path / "big").read_bytes()
    said = [f"{record.name}: {record.getMessage()}" for record in caplog.records]
    assert any("presigned/part" in line for line in said), "the large file went in parts"
    quiet = ("alling back", "Retrying", "retry", "Failed", "Aborting")
    assert [line for line in said if any(word in line for word in quiet)] == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def profile(tmp_path: Path, home: Home) -> dict[str, str]:
    """What a user with a profile sets: no host and no token of it are in the environment."""
    file = tmp_path / "databrickscfg"
    file.touch(mode=0o600)
    file.write_text(
        f"[elsewhere]\nhost = http://127.0.0.1:9\ntoken = x\n\n[ours]\nhost = {home.url}\ntoken = {home.token}\n"
    )
    return {"DATABRICKS_CONFIG_FILE": str(file)}


def test_a_profile_leads_to_the_registry(
    home: Home, versions: Versions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "MLFLOW_TRACKING_TOKEN"):
        monkeypatch.delenv(name)
    settings: dict[str, Any] = {
        "MLFLOW_TRACKING_URI": "databricks://ours",
        "MLFLOW_REGISTRY_URI": "databricks-uc://ours",
    }
    for name, value in (settings | profile(tmp_path, home)).items():
        monkeypatch.setenv(name, value)
    client = MlflowClient()
    found = client.get_model_version(MODEL, str(versions[1]))
    assert client.get_run(found.run_id).info.artifact_uri.startswith("dbfs:/databricks/mlflow-tracking/")
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}/{versions[1]}")
    assert model.predict([{"question": "?"}]) == ["two"]


def test_a_tag_that_unity_catalog_refuses_is_refused_its_way_alone(
    databricks: mlflow.MlflowClient, versions: tuple[int, int]
) -> None:
    for set_tag in (
        lambda: databricks.set_model_version_tag(MODEL, str(versions[0]), "a.b", "c"),
        lambda: databricks.set_registered_model_tag(MODEL, "a.b", "c"),
        lambda: databricks.create_registered_model("serving.default.tagged", tags={"a.b": "c"}),
    ):
        with pytest.raises(MlflowException, match=r"none of \. , - = / : may be in the key of a tag"):
            set_tag()
    assert "a.b" not in databricks.get_model_version(MODEL, str(versions[0])).tags
