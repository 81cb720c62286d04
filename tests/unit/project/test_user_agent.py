"""Every call says whose it is, by what a workspace receives; and what the SDK warns of does not reach the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest

from engine import principals
from engine.stand_in.workspace import Workspace as StandInsWorkspace
from infra.proof.workspace_api import WorkspaceApi
from model_ops.proving.answer import ask, bearer
from model_ops.sdk import useragent
from model_ops.workspace import Workspace
from model_ops.workspace.mlflow_session import signed_in
from sandbox import lifecycle
from sandbox.home import Home

OURS = f"rollpin/{version('rollpin')}"


def run_of_mlflow(home: Home) -> None:
    import mlflow

    with signed_in(home.url, "t"):
        mlflow.MlflowClient().get_run("r")


CALLS: dict[str, Callable[[Home], object]] = {
    "model_ops": lambda home: Workspace(home.url, "t").ask("/api/x"),
    "a question": lambda home: ask(f"{home.url}/serving-endpoints/chat/invocations", bearer("t"), "who are you?"),
    "the program": lambda home: WorkspaceApi(home.url, None, patience=1).ask("/api/x"),
    "the stand-in": lambda home: StandInsWorkspace(home.url, "t").call("GET", "/api/x"),
    "the engine": lambda home: principals.introduce(home, set()),
    "MLflow in a session": run_of_mlflow,
    "the start of a sandbox": lambda home: lifecycle._answers(home, "127.0.0.1", 10),
}
RUN = {"run": {"info": {"run_id": "r", "experiment_id": "0", "status": "FINISHED", "lifecycle_stage": "active"}}}


@dataclass
class Server:
    """A workspace on this machine that notes who calls."""

    url: str
    agents: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            noted.agents.append((self.path, self.headers.get("User-Agent", "")))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(RUN).encode()
            self.send_response(404 if "well-known" in self.path else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

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
def home(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A sandbox's home whose workspace is the server, in an environment that is signed in nowhere else."""
    for name in [name for name in os.environ if name.startswith(("DATABRICKS_", "MLFLOW_TRACKING"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("DATABRICKS_TOKEN", "t")
    home = Home(tmp_path / "home")
    home.create()
    home.port_file.write_text(server.url.rpartition(":")[2])
    useragent.with_product("unknown", "0.0.0")
    yield home
    useragent.with_product("unknown", "0.0.0")


@pytest.mark.parametrize("who", CALLS)
def test_each_call_names_the_project_and_its_version(who: str, server: Server, home: Home) -> None:
    CALLS[who](home)

    assert server.agents
    assert [(path, agent) for path, agent in server.agents if not agent.startswith(OURS)] == []


def test_whoever_has_named_himself_to_the_sdk_keeps_his_name(server: Server, home: Home) -> None:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.core import Config

    useragent.with_product("mine", "1.2.3")

    Workspace(server.url, "t").ask("/api/x")
    WorkspaceClient(config=Config(host=server.url, token="t")).current_user.me()

    agents = {path: agent for path, agent in server.agents if "well-known" not in path}
    assert agents["/api/x"].startswith(OURS)
    assert agents["/api/2.0/preview/scim/v2/Me"].startswith("mine/1.2.3")


WARNED = """
import sys
from infra.proof.workspace_api import WorkspaceApi
from model_ops.workspace import Workspace
Workspace(sys.argv[1], "t").ask("/api/x")
WorkspaceApi(sys.argv[1], None, patience=1).ask("/api/x")
"""


@pytest.mark.usefixtures("home")
def test_what_the_sdk_warns_of_is_not_on_the_screen(server: Server) -> None:
    """It warns here that the workspace has no answer to the question ahead of signing in."""
    done = subprocess.run(
        (sys.executable, "-c", WARNED, server.url), capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len([path for path, _ in server.agents if "well-known" in path]) > 1
