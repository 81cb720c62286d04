"""The real router as a process, with a stand-in for the API behind it, and real MLflow models to serve."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import lifecycle
from sandbox.home import Home
from sandbox.serving.instance import wait_until
from tests.e2e.sandbox.model_servers import model_servers

HERE = Path(__file__).parent
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Without certificates, which take longer to read than a whole request, for each client anew."""
SECRETS = {"DATABRICKS_TOKEN": "workspace secret", "MLFLOW_TRACKING_TOKEN": "tracking secret", "PYTHONPATH": "/nowhere"}


class RouterProcess:
    """Starts, asks and kills one router."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.home.create()
        stale = self.home.runtime_file.read_text() if self.home.runtime_file.exists() else None
        with (self.home.logs / "router.log").open("ab") as log:
            command = (sys.executable, str(HERE / "router_process.py"), str(self.home.root))
            self.process = subprocess.Popen(command, env=os.environ | SECRETS, stderr=log)
        # A child that its router's death has caught between fork and exec may keep the old sockets for an instant.
        until(lambda: lifecycle.listening(self.home) and self.home.runtime_file.read_text() != stale, "it listens")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=40)

    @property
    def runtime(self) -> Path:
        return Path(self.home.runtime_file.read_text().strip())

    def control(self) -> httpx.Client:
        socket = httpx.HTTPTransport(uds=str(self.runtime / "control.sock"), verify=NO_TLS)
        return httpx.Client(transport=socket, base_url="http://control")

    def client(self, **options: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.home.token}"}
        return httpx.Client(
            base_url=self.home.url, headers=headers, timeout=60, trust_env=False, verify=NO_TLS, **options
        )

    def put(self, *entities: dict[str, Any], routes: dict[str, int] | None = None) -> httpx.Response:
        body: dict[str, Any] = {"served_entities": entities}
        if routes:
            listed = [{"served_model_name": name, "traffic_percentage": share} for name, share in routes.items()]
            body["traffic_config"] = {"routes": listed}
        with self.control() as control:
            return control.put("/deployments/chat", json=body)

    def document(self) -> dict[str, Any]:
        with self.control() as control:
            return control.get("/deployments/chat").raise_for_status().json()

    def deploy(self, *entities: dict[str, Any], **options: Any) -> dict[str, Any]:
        self.put(*entities, **options).raise_for_status()
        until(lambda: self.document()["state"]["config_update"] != "IN_PROGRESS", "the update has ended")
        return self.document()

    def ask(
        self, question: str = "which version?", path: str = "/serving-endpoints/chat/invocations"
    ) -> httpx.Response:
        with self.client() as client:
            return client.post(path, json=payload(question))

    def model_servers(self) -> dict[str, int]:
        """Process ids by the names of their scratch directories."""
        return model_servers(self.home)

    def fork_server(self) -> int | None:
        """The process id of the fork server, once one runs."""
        found = [pid for pid, arguments in processes() if "sandbox.serving.forking" in arguments and self.at_home(pid)]
        return found[0] if found else None

    def grandchildren(self) -> list[int]:
        """What the models, and the watches over their servers, run."""
        tasks = (Path(f"/proc/{pid}/task") for pid in self.model_servers().values())
        return [int(pid) for task in tasks for file in task.glob("*/children") for pid in file.read_text().split()]

    def at_home(self, pid: int) -> bool:
        """Whether a process is in the runtime directory itself, as no model server is."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.runtime
        except OSError:
            return False


def payload(question: str) -> dict[str, Any]:
    return {"dataframe_records": [{"question": question}]}


def processes() -> Iterator[tuple[int, list[str]]]:
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit():
            try:
                arguments = (directory / "cmdline").read_bytes().decode().split("\0")[:-1]
            except OSError:
                continue
            yield int(directory.name), arguments


def holders(path: Path) -> list[int]:
    """The processes that have a file below `path` open, as the router and its children have."""
    found = []
    for pid, _ in processes():
        try:
            links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            continue
        if any(path in link.parents for link in links):
            found.append(pid)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    assert wait_until(condition, seconds), f"not within {seconds} s: {what}"


@pytest.fixture(scope="session", name="until")
def until_fixture() -> Callable[..., None]:
    return until


@pytest.fixture(scope="session", name="alive")
def alive_fixture() -> Callable[[int], bool]:
    return alive


@pytest.fixture(scope="session", name="holders")
def holders_fixture() -> Callable[[Path], list[int]]:
    return holders


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    directory = tmp_path_factory.mktemp("models")
    environment = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    subprocess.run((sys.executable, str(HERE / "save_models.py"), str(directory)), check=True, env=environment)
    return {path.name: path for path in directory.iterdir()}


@pytest.fixture(scope="session")
def entity(models: dict[str, Path]) -> Callable[..., dict[str, Any]]:
    def make(model: str, **fields: Any) -> dict[str, Any]:
        version = model.removeprefix("v") if model != "failing" else "3"
        known = {"name": f"chain-{model}", "entity_name": "main.chatbot.chain", "entity_version": version}
        return {**known, "model_dir": str(models[model]), **fields}

    return make


def _served(directory: Path) -> Iterator[RouterProcess]:
    router = RouterProcess(Home(directory))
    router.start()
    yield router
    lifecycle.stop(router.home)
    router.process.wait(timeout=10)


@pytest.fixture
def router(tmp_path: Path) -> Iterator[RouterProcess]:
    yield from _served(tmp_path / "sandbox")


@pytest.fixture(scope="module")
def shared_router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RouterProcess]:
    yield from _served(tmp_path_factory.mktemp("shared") / "sandbox")
