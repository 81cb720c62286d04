"""What is refused once its body has arrived is refused like anything else."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import mlflow
import pytest

from sandbox.home import Home
from sandbox.serving.instance import wait_until
from tests.e2e.sandbox.workspace.pending import PREFIX, Pending


@pytest.fixture
def pending(curl: httpx.Client, catalog: str) -> Pending:
    return Pending.begin(curl, f"{catalog}.default.bot")


@contextmanager
def half_sent(home: Home, pending: Pending, name: str) -> Iterator[list[httpx.Response]]:
    """Hold an upload back in its middle; its answer is in the list afterwards."""
    answers: list[httpx.Response] = []
    others, meanwhile = set(home.uploads.glob("*.draft")), threading.Event()

    def content() -> Iterator[bytes]:
        yield b"x" * 1_000_000
        assert meanwhile.wait(60)
        yield b"x"

    sender = threading.Thread(
        target=lambda: answers.append(pending.curl.put(f"{pending.files}/{name}", content=content()))
    )
    sender.start()
    assert wait_until(lambda: bool(set(home.uploads.glob("*.draft")) - others), 30)
    try:
        yield answers
    finally:
        meanwhile.set()
        sender.join(60)


def change(pending: Pending, deed: str) -> None:
    """Do what makes an upload to the version come too late."""
    version, model = {"name": pending.model, "version": pending.version}, {"name": pending.model}
    deeds: dict[str, Callable[[], httpx.Response]] = {
        "finalize": pending.finalize,
        "delete": lambda: pending.curl.request("DELETE", f"{PREFIX}/model-versions/delete", json=version),
        "rename": lambda: pending.curl.patch(
            f"{PREFIX}/registered-models/update", json={**model, "new_name": "renamed"}
        ),
        "upload": lambda: pending.curl.put(f"{pending.files}/late", content=b"first"),
    }
    deeds[deed]()


@pytest.mark.parametrize(
    ("deed", "status", "code"),
    [
        ("finalize", 403, "PERMISSION_DENIED"),
        ("delete", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("rename", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("upload", 409, "ALREADY_EXISTS"),
    ],
)
def test_an_upload_that_comes_too_late_is_refused(
    home: Home, pending: Pending, deed: str, status: int, code: str
) -> None:
    pending.put("MLmodel", b"{}")
    with half_sent(home, pending, "late") as answers:
        change(pending, deed)
    (answer,) = answers
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    kept = pending.curl.get(f"{pending.files}/late")
    assert kept.content == b"first" if deed == "upload" else kept.status_code == 404


def test_nothing_is_made_below_a_file(pending: Pending) -> None:
    pending.put("file", b"kept")
    for answer in (
        pending.put("file/below", b"x"),
        pending.put("file/further/below", b"x"),
        pending.curl.put(f"{pending.files.replace('/files/', '/directories/')}/file/below"),
    ):
        assert (answer.status_code, answer.json()["error_code"]) == (409, "ALREADY_EXISTS")
    assert pending.curl.get(f"{pending.files}/file").content == b"kept"


def test_only_what_is_there_takes_artifacts(curl: httpx.Client, tracking: mlflow.MlflowClient) -> None:
    experiment = tracking.create_experiment(f"/Shared/{uuid.uuid4().hex}")
    run, model = tracking.create_run(experiment), tracking.create_logged_model(experiment)
    base = f"/api/2.0/fs/files/WorkspaceInternal/Mlflow/Artifacts/{experiment}"
    in_run, in_model = f"{base}/Runs/{run.info.run_id}/artifacts/x", f"{base}/LoggedModels/{model.model_id}/artifacts/x"

    def refused(url: str) -> bool:
        answer = curl.put(url, content=b"x", params={"overwrite": "true"})
        return (answer.status_code, answer.status_code == 404 and answer.json()["error_code"]) == (404, "NOT_FOUND")

    for url in (f"{base}/Runs/logged_models", f"{base}/Runs/{'0' * 32}/artifacts/x", f"{base}/LoggedModels/m-1/x"):
        assert refused(url)
    assert (refused(in_run), refused(in_model)) == (False, False)
    tracking.delete_logged_model(model.model_id)
    assert (refused(in_run), refused(in_model)) == (False, True)
    tracking.delete_run(run.info.run_id)
    assert refused(in_run)
    tracking.restore_run(run.info.run_id)
    tracking.delete_experiment(experiment)
    assert refused(in_run)
