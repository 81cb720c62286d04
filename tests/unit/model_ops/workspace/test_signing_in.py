"""What a workspace is really sent: the secret that was made for it, or nothing at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from model_ops.errors import WorkspaceError
from model_ops.workspace.client import Workspace
from model_ops.workspace.mlflow_session import signed_in

ELSEWHERE = "https://adb-1.azuredatabricks.net"


@dataclass
class Server:
    """A workspace on this machine that notes what it is sent."""

    url: str
    sent: list[str | None] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            noted.sent.append(self.headers.get("Authorization"))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    noted = Server(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield noted
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def profiles(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile for the server, one for another workspace, and an environment that is signed in to that one."""
    file = tmp_path / "databrickscfg"
    file.write_text(f"[here]\nhost = {server.url}\ntoken = its-own\n[other]\nhost = {ELSEWHERE}\ntoken = others\n")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(file))
    monkeypatch.setenv("DATABRICKS_HOST", ELSEWHERE)
    monkeypatch.setenv("DATABRICKS_TOKEN", "others")
    for name in ("DATABRICKS_CONFIG_PROFILE", "MLFLOW_REGISTRY_URI"):
        monkeypatch.delenv(name, raising=False)
    return file


def test_a_profile_signs_in_with_its_own_token_whatever_the_environment_holds(server: Server, profiles: Path) -> None:
    Workspace(server.url).ask("/api/2.0/preview/scim/v2/Me")
    assert {sent for sent in server.sent if sent} == {"Bearer its-own"}
    assert os.environ["DATABRICKS_TOKEN"] == "others"


def test_within_a_session_of_a_profile_the_environments_token_is_not_there(server: Server, profiles: Path) -> None:
    with signed_in(server.url, None, "here"):
        assert "DATABRICKS_TOKEN" not in os.environ
        assert os.environ["MLFLOW_REGISTRY_URI"] == "databricks-uc://here"
        assert os.environ["DATABRICKS_CONFIG_PROFILE"] == "here"
    assert (os.environ["DATABRICKS_TOKEN"], os.environ["DATABRICKS_HOST"]) == ("others", ELSEWHERE)
    assert "MLFLOW_REGISTRY_URI" not in os.environ
    assert [sent for sent in server.sent if sent] == []


@pytest.mark.parametrize("secret", ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET", "DATABRICKS_CONFIG_PROFILE"])
def test_without_a_profile_a_secret_for_another_workspace_is_not_sent(
    server: Server, profiles: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    profiles.write_text(f"[other]\nhost = {ELSEWHERE}\ntoken = others\n")
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv(secret, "other")
    with pytest.raises(WorkspaceError, match=secret):
        Workspace(server.url).ask("/api/2.0/preview/scim/v2/Me")
    assert server.sent == []


def test_the_environments_token_is_sent_to_the_workspace_that_it_names(
    server: Server, profiles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABRICKS_HOST", server.url)
    Workspace(server.url).ask("/api/2.0/preview/scim/v2/Me")
    assert {sent for sent in server.sent if sent} == {"Bearer others"}
