from __future__ import annotations

from pathlib import Path

import httpx
import mlflow
import pytest
from mlflow.artifacts import download_artifacts

from sandbox.home import Home


@pytest.fixture
def tracking(mlflow_client: mlflow.MlflowClient) -> mlflow.MlflowClient:
    """In this file, both ways."""
    return mlflow_client


@pytest.fixture
def run_id(tracking: mlflow.MlflowClient) -> str:
    found = mlflow.set_experiment("/Shared/artifacts")
    return str(tracking.create_run(found.experiment_id).info.run_id)


def test_artifacts_go_up_and_come_down_through_the_workspace(
    tracking: mlflow.MlflowClient, run_id: str, home: Home, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 20_000
    (tmp_path / "big.bin").write_bytes(content)
    tracking.log_artifact(run_id, str(tmp_path / "big.bin"), "some dir/ü")
    assert [item.path for item in tracking.list_artifacts(run_id, "some dir/ü")] == ["some dir/ü/big.bin"]
    got = download_artifacts(run_id=run_id, artifact_path="some dir/ü/big.bin", dst_path=str(tmp_path / "got"))
    assert Path(got).read_bytes() == content
    assert len([found for found in home.artifacts.rglob("big.bin") if run_id in str(found)]) == 1


@pytest.mark.parametrize(("which", "answer"), [(0, "one"), (1, "two")])
def test_a_version_registered_either_way_is_loaded_either_way(
    way: str, versions: tuple[int, int], which: int, answer: str, tmp_path: Path
) -> None:
    uri = f"models:/serving.default.bot/{versions[which]}"
    assert (Path(download_artifacts(uri, dst_path=str(tmp_path))) / "MLmodel").is_file()
    assert mlflow.pyfunc.load_model(uri).predict([{"question": "?"}]) == [answer]


@pytest.mark.parametrize("path", ["..%2f..%2ftoken", "%2e%2e/token", "a/..%2f..%2f..%2ftoken", "%2fetc%2fpasswd"])
def test_no_path_leads_out_of_the_artifact_store(curl: httpx.Client, home: Home, path: str) -> None:
    before = home.token_file.read_bytes()
    for prefix in ("/api/2.0/mlflow-artifacts/artifacts/", "/ajax-api/2.0/mlflow-artifacts/artifacts/"):
        got = curl.get(f"{prefix}{path}")
        assert got.status_code >= 400
        assert before.strip() not in got.content
        assert curl.put(f"{prefix}{path}", content=b"overwritten").status_code >= 400
    assert home.token_file.read_bytes() == before


def test_a_file_of_the_machine_cannot_be_registered_and_read(curl: httpx.Client, home: Home, catalog: str) -> None:
    name = f"{catalog}.default.thief"
    curl.post("/api/2.0/mlflow/registered-models/create", json={"name": name})
    for source in (home.root.as_uri(), str(home.root), "mlflow-artifacts:/../", f"mlflow-artifacts:{home.root}"):
        made = curl.post("/api/2.0/mlflow/model-versions/create", json={"name": name, "source": source})
        number = made.json().get("model_version", {}).get("version", "1")
        query = {"name": name, "version": number, "path": "token"}
        got = curl.get("/model-versions/get-artifact", params=query)
        assert got.status_code >= 400
        assert home.token.encode() not in got.content
