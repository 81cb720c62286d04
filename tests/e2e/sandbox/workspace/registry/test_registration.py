"""From PENDING_REGISTRATION to READY or FAILED_REGISTRATION."""

from __future__ import annotations

from pathlib import Path

import httpx
import mlflow
import pytest
import yaml
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound
from databricks.sdk.service.serving import EndpointCoreConfigInput, ServedEntityInput

from sandbox.home import Home
from tests.e2e.sandbox.workspace.pending import PREFIX, Pending


@pytest.fixture
def pending(curl: httpx.Client, catalog: str) -> Pending:
    return Pending.begin(curl, f"{catalog}.default.bot")


def statuses(client: WorkspaceClient, tracking: mlflow.MlflowClient, version: Pending) -> set[str]:
    """The status of a version in each of the views."""
    unity = client.model_versions.get(version.model, int(version.version)).status
    plain = tracking.get_model_version(version.model, version.version).status
    return {str(unity.value if unity else unity), plain, version.get()["status"]}


def serve(client: WorkspaceClient, version: Pending) -> None:
    entity = ServedEntityInput(entity_name=version.model, entity_version=version.version)
    name = version.model.replace(".", "-")
    client.serving_endpoints.create(name, config=EndpointCoreConfigInput(name=name, served_entities=[entity]))


def test_a_version_is_pending_until_it_is_finalized(
    client: WorkspaceClient, tracking: mlflow.MlflowClient, pending: Pending, saved: Path
) -> None:
    assert statuses(client, tracking, pending) == {"PENDING_REGISTRATION"}
    pending.upload(saved)
    assert statuses(client, tracking, pending) == {"PENDING_REGISTRATION"}
    assert pending.finalize().json()["model_version"]["status"] == "READY"
    assert statuses(client, tracking, pending) == {"READY"}
    assert pending.finalize().json()["model_version"]["status"] == "READY", "once more changes nothing"


def test_a_version_that_is_ready_takes_no_more_files(pending: Pending, saved: Path) -> None:
    pending.upload(saved)
    pending.finalize()
    curl, files = pending.curl, pending.files
    before = curl.get(f"{files}/MLmodel").content
    for refused in (
        pending.put("MLmodel", b"other"),
        pending.put("new/file", b"new"),
        curl.delete(f"{files}/MLmodel"),
        curl.put(f"{files.replace('/files/', '/directories/')}/new"),
        curl.post(f"{files}/big", params={"action": "initiate-upload"}),
    ):
        assert (refused.status_code, refused.json()["error_code"]) == (403, "PERMISSION_DENIED")
        assert "it is READY" in refused.json()["message"]
    assert curl.get(f"{files}/MLmodel").content == before == (saved / "MLmodel").read_bytes()
    assert curl.get(f"{files}/new/file").status_code == 404


@pytest.mark.parametrize(
    ("signature", "reason"),
    [(None, "no inputs and no outputs"), ({"inputs": '[{"type": "string"}]'}, "its signature has no outputs")],
)
def test_a_version_without_a_whole_signature_fails_for_good(
    client: WorkspaceClient,
    tracking: mlflow.MlflowClient,
    pending: Pending,
    saved: Path,
    signature: object,
    reason: str,
) -> None:
    described = yaml.safe_load((saved / "MLmodel").read_text()) | {"signature": signature}
    pending.put("MLmodel", yaml.safe_dump(described).encode())
    refused = pending.finalize()
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert reason in refused.json()["message"]
    assert statuses(client, tracking, pending) == {"FAILED_REGISTRATION"}
    assert reason in pending.get()["status_message"]
    assert pending.put("MLmodel", b"better").status_code == 403
    with pytest.raises(InvalidParameterValue, match="is FAILED_REGISTRATION, only READY versions can"):
        serve(client, pending)


def test_a_version_without_an_mlmodel_file_fails(pending: Pending) -> None:
    pending.put("README.md", b"no model")
    assert "its files hold no MLmodel" in pending.finalize().json()["message"]
    assert pending.get()["status"] == "FAILED_REGISTRATION"


@pytest.mark.parametrize("text", ["a: 2001-13-45", f"a: {'1' * 5000}", "a: !!bool q", "[" * 1_000_000])
def test_a_version_whose_mlmodel_file_cannot_be_read_fails(pending: Pending, text: str) -> None:
    pending.put("MLmodel", text.encode())
    refused = pending.finalize()
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert pending.get()["status"] == "FAILED_REGISTRATION"
    assert "cannot be read" in pending.get()["status_message"]


def test_a_version_that_is_pending_is_not_served(client: WorkspaceClient, pending: Pending, saved: Path) -> None:
    pending.upload(saved)
    with pytest.raises(InvalidParameterValue, match="is PENDING_REGISTRATION, only READY versions can"):
        serve(client, pending)
    with pytest.raises(NotFound):
        client.serving_endpoints.get(pending.model.replace(".", "-"))


def test_there_are_no_credentials_of_a_cloud_store(pending: Pending) -> None:
    body = {"name": pending.model, "version": "1", "operation": "MODEL_VERSION_OPERATION_READ_WRITE"}
    refused = pending.curl.post(f"{PREFIX}/model-versions/generate-temporary-credentials", json=body)
    assert (refused.status_code, refused.json()["error_code"]) == (501, "NOT_IMPLEMENTED")
    assert f"/Models/{pending.model.replace('.', '/')}/1" in refused.json()["message"]


def test_where_a_run_is_from_is_kept_and_goes_with_the_version(client: WorkspaceClient, pending: Pending) -> None:
    lineage = {"run_id": "a" * 32, "run_tracking_server_id": "12345", "model_id": "m-1"}
    other = Pending.begin(pending.curl, pending.model, **lineage)
    found = client.model_versions.get(other.model, int(other.version))
    assert (found.run_id, found.run_workspace_id) == ("a" * 32, 12345)
    assert {name: other.get()[name] for name in lineage} == lineage
    client.registered_models.delete(other.model)
    assert "run_id" not in Pending.begin(pending.curl, pending.model).get()


def files_of(home: Home) -> set[str]:
    return {path.name for path in (home.artifacts / "unity-catalog").iterdir()}


@pytest.mark.parametrize("whole", [True, False])
def test_a_deleted_version_takes_its_files_with_it(
    client: WorkspaceClient, home: Home, pending: Pending, saved: Path, whole: bool
) -> None:
    before = files_of(home)
    pending.upload(saved)
    assert len(files_of(home)) == len(before) + 1
    if whole:
        client.registered_models.delete(pending.model)
    else:
        client.model_versions.delete(pending.model, int(pending.version))
    assert files_of(home) == before
    assert pending.curl.get(f"{pending.files}/MLmodel").status_code == 404
    assert pending.put("MLmodel", b"late").status_code == 404


def test_a_renamed_model_keeps_its_files(client: WorkspaceClient, pending: Pending, saved: Path) -> None:
    pending.upload(saved)
    client.registered_models.update(pending.model, new_name="renamed")
    moved = Pending(pending.curl, f"{pending.model.rpartition('.')[0]}.renamed", pending.version)
    assert moved.finalize().json()["model_version"]["status"] == "READY"
    assert moved.curl.get(f"{moved.files}/MLmodel").content == (saved / "MLmodel").read_bytes()
    assert pending.curl.get(f"{pending.files}/MLmodel").status_code == 404


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"name": "bot", "source": "x"}, "INVALID_PARAMETER_VALUE", "specify all three levels"),
        ({"name": "nowhere.default.bot", "source": "x"}, "CATALOG_DOES_NOT_EXIST", "nowhere"),
        ({"name": "main.nowhere.bot", "source": "x"}, "SCHEMA_DOES_NOT_EXIST", "main.nowhere"),
        ({"name": "main.default.nothing", "source": "x"}, "RESOURCE_DOES_NOT_EXIST", "Routine or Model"),
        ({"name": 7}, "MALFORMED_REQUEST", "name"),
        ([], "INVALID_PARAMETER_VALUE", "JSON object"),
    ],
)
def test_a_version_of_nothing_is_refused(curl: httpx.Client, body: object, code: str, message: str) -> None:
    refused = curl.post(f"{PREFIX}/model-versions/create", json=body)
    assert refused.status_code in {400, 404}
    assert refused.json()["error_code"] == code
    assert message in refused.json()["message"]


@pytest.mark.parametrize("version", ["0", "-1", "latest", "7.0", "", "99999999999"])
def test_what_is_no_number_is_no_version(pending: Pending, version: str) -> None:
    refused = Pending(pending.curl, pending.model, version).finalize()
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "whole number" in refused.json()["message"]


@pytest.mark.parametrize("address", ["{model}/{version}", "{model}@next", "{model}/latest", "{model}/None"])
@pytest.mark.parametrize("finalized", [False, True])
def test_plain_mlflow_makes_no_version_from_one_without_fixed_files(
    tracking: mlflow.MlflowClient, pending: Pending, address: str, finalized: bool
) -> None:
    if finalized:
        pending.finalize()
    tracking.set_registered_model_alias(pending.model, "next", pending.version)
    body = {
        "name": pending.model,
        "source": "models:/" + address.format(model=pending.model, version=pending.version),
    }
    refused = pending.curl.post("/api/2.0/mlflow/model-versions/create", json=body)
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert ("FAILED_REGISTRATION" if finalized else "PENDING_REGISTRATION") in refused.json()["message"]
    assert len(tracking.search_model_versions(f"name = '{pending.model}'")) == 1
