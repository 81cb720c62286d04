"""A workspace that lists odd things: nothing lands outside the directory, and nothing goes on without end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from model_ops.errors import ModelOpsError
from model_ops.workspace.client import Workspace
from model_ops.workspace.files import ModelFiles

ROOT = "/Models/prod/rag/bot/7"
Listing = Callable[[str], dict[str, Any]]


@pytest.fixture
def listed() -> Iterator[Callable[[Listing], ModelFiles]]:
    """Make the files of a version whose directories are listed by a function of their path."""
    servers = []

    def serve(listing: Listing) -> ModelFiles:
        class Api(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                directory = path.removeprefix("/api/2.0/fs/directories")
                body = json.dumps(listing(directory)).encode() if directory != path else b"content"
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return ModelFiles(Workspace(f"http://127.0.0.1:{server.server_port}", "a-token"), "prod.rag.bot", 7)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def entry(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "is_directory": False, "file_size": 7, **more}


def test_a_version_is_downloaded_whole(listed: Any, tmp_path: Path) -> None:
    files = listed(lambda path: {"contents": [entry(f"{ROOT}/MLmodel"), entry(f"{ROOT}/{'n' * 250}")]})
    assert len(files.download(tmp_path / "there")) == 2
    assert {path.read_bytes() for path in (tmp_path / "there").iterdir()} == {b"content"}
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize(
    "found",
    [
        entry(f"{ROOT}/../../../../../etc/passwd"),
        entry(f"{ROOT}/a/../../../evil"),
        entry("/etc/passwd"),
        entry(ROOT),
        {"is_directory": False},
        {"path": 5},
    ],
)
def test_a_file_that_would_land_elsewhere_is_refused_and_nothing_is_written(
    listed: Any, tmp_path: Path, found: dict[str, Any]
) -> None:
    with pytest.raises(ModelOpsError):
        listed(lambda path: {"contents": [entry(f"{ROOT}/MLmodel"), found]}).download(tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_holds_itself_is_no_directory(listed: Any) -> None:
    def deeper(path: str) -> dict[str, Any]:
        return {"contents": [entry(f"{path}/again", is_directory=True)]}

    with pytest.raises(ModelOpsError, match="something else than Databricks does"):
        listed(deeper).tree()
