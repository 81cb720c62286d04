from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.registry.model_files import check_signature, directory

COLUMNS = json.dumps([{"type": "string", "name": "a"}])


def model(at: Path, signature: Any = None) -> Path:
    at.mkdir(parents=True, exist_ok=True)
    (at / "MLmodel").write_text(yaml.safe_dump({"signature": signature}))
    return at


@pytest.mark.parametrize(
    "form", ["mlflow-artifacts:/1/models/m-1/artifacts", "mlflow-artifacts:///1/models/m-1/artifacts"]
)
def test_a_source_in_the_artifact_store_is_found(tmp_path: Path, form: str) -> None:
    found = model(tmp_path / "store/1/models/m-1/artifacts")
    assert directory(tmp_path / "store", form) == found


def test_a_path_or_file_address_counts_only_inside_the_store(tmp_path: Path) -> None:
    inside, outside = model(tmp_path / "store/a b"), model(tmp_path / "elsewhere")
    assert directory(tmp_path / "store", inside.as_uri()) == inside
    assert directory(tmp_path / "store", str(inside)) == inside
    for uri in (outside.as_uri(), str(outside)):
        with pytest.raises(ApiError, match="not an MLflow model in this workspace's artifact store"):
            directory(tmp_path / "store", uri)


@pytest.mark.parametrize(
    "uri",
    [
        "mlflow-artifacts:/../elsewhere",
        "mlflow-artifacts:/%2e%2e/elsewhere",
        "mlflow-artifacts:/link",
        "mlflow-artifacts://other-host/1",
        "file://other-host/1",
        "s3://bucket/1",
        "http://127.0.0.1/1",
        "../elsewhere",
        "",
    ],
)
def test_a_source_that_leads_out_of_the_store_is_refused(tmp_path: Path, uri: str) -> None:
    model(tmp_path / "elsewhere")
    (tmp_path / "store").mkdir()
    (tmp_path / "store/link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ApiError, match="artifact store"):
        directory(tmp_path / "store", uri)


def test_a_directory_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store/1").mkdir(parents=True)
    with pytest.raises(ApiError, match="not an MLflow model"):
        directory(tmp_path / "store", "mlflow-artifacts:/1")


def test_a_whole_signature_is_accepted(tmp_path: Path) -> None:
    check_signature(model(tmp_path, {"inputs": COLUMNS, "outputs": COLUMNS, "params": None}), "m/1")


@pytest.mark.parametrize(
    ("signature", "lacking"),
    [
        (None, "no inputs and no outputs"),
        ({"inputs": COLUMNS}, "no outputs"),
        ({"inputs": COLUMNS, "outputs": None}, "no outputs"),
        ({"inputs": "[]", "outputs": COLUMNS}, "no inputs"),
        ("text", "no inputs and no outputs"),
    ],
)
def test_a_signature_without_inputs_or_outputs_cannot_be_served(tmp_path: Path, signature: Any, lacking: str) -> None:
    with pytest.raises(ApiError, match=f"m/1 cannot be served: its signature has {lacking}"):
        check_signature(model(tmp_path, signature), "m/1")


def test_an_mlmodel_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_bytes(b"\xff{")
    with pytest.raises(ApiError, match="cannot be read"):
        check_signature(tmp_path, "m/1")


def test_an_mlmodel_file_builds_no_objects(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(f"signature: !!python/object/apply:os.mkdir ['{tmp_path}/made']")
    with pytest.raises(ApiError, match="cannot be read"):
        check_signature(tmp_path, "m/1")
    assert not (tmp_path / "made").exists()
