"""The API is killed while a version is on its way into the registry."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.home import Home
from sandbox.serving.instance import wait_until
from tests.e2e.sandbox.workspace.pending import Pending
from tests.e2e.sandbox.workspace.test_restart import processes, wait_for_another


@pytest.fixture
def pending(curl: httpx.Client, catalog: str) -> Pending:
    return Pending.begin(curl, f"{catalog}.default.bot")


def kill(home: Home) -> None:
    (old,) = processes(home)
    os.kill(old, signal.SIGKILL)
    wait_for_another(home, old)


def test_an_upload_that_is_killed_leaves_no_half_file_and_can_be_done_again(
    home: Home, pending: Pending, saved: Path
) -> None:
    pending.upload(saved)
    halfway, killed = threading.Event(), threading.Event()

    def content() -> Iterator[bytes]:
        yield b"x" * 1_000_000
        halfway.set()
        assert killed.wait(60)

    def upload() -> None:
        answer = pending.curl.put(f"{pending.files}/half", content=content())
        assert answer.status_code >= 500

    sender = threading.Thread(target=upload)
    sender.start()
    assert halfway.wait(60)
    assert wait_until(lambda: any(file.stat().st_size for file in home.uploads.glob("*.draft")), 30)
    kill(home)
    killed.set()
    sender.join(60)
    assert pending.curl.get(f"{pending.files}/half").status_code == 404
    assert list(home.uploads.glob("*.draft")) == []
    assert list(home.artifacts.rglob("half")) == []
    assert pending.get()["status"] == "PENDING_REGISTRATION"
    assert pending.put("half", b"whole").status_code == 204
    assert pending.finalize().json()["model_version"]["status"] == "READY"


def test_what_a_version_is_outlives_its_process(home: Home, pending: Pending, saved: Path) -> None:
    ready = Pending.begin(pending.curl, pending.model, run_id="a" * 32, run_tracking_server_id="12", model_id="m-1")
    ready.upload(saved)
    ready.finalize()
    failed = Pending.begin(pending.curl, pending.model)
    failed.finalize()
    known = [version.get() for version in (pending, ready, failed)]
    kill(home)
    assert [version.get() for version in (pending, ready, failed)] == known
    assert [version["status"] for version in known] == ["PENDING_REGISTRATION", "READY", "FAILED_REGISTRATION"]
    assert ready.curl.get(f"{ready.files}/MLmodel").content == (saved / "MLmodel").read_bytes()
