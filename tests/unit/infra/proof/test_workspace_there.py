"""A workspace that cannot be asked is told in a sentence, with what to type, and at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.proof import workspace_there
from infra.proof.workspace_api import WorkspaceApi
from infra.proof.workspace_there import WorkspaceThere
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings
from model_ops.commands import Commands

RESOURCE = (
    "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/g/providers/Microsoft.Databricks/workspaces/dbw"
)
ADOPTED = {"adopt": {"host": "https://adb-1234567890123456.7.azuredatabricks.net", "resourceId": RESOURCE}}
CREATED = {
    "create": {
        "location": "westeurope",
        "storageAccount": "lake",
        "metastoreId": "1" * 8 + "-1111" * 3 + "-" + "1" * 12,
    }
}
JSON, PAGE = "application/json", "text/html"
Serve = Callable[[int, str, str], str]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve the same answer to each question; gives the address."""
    servers: list[ThreadingHTTPServer] = []
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-secret")

    def start(status: int, kind: str, body: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def settings_of(platform: object) -> Settings:
    return Settings.model_validate({"models": {}} | ({"platform": platform} if platform else {}))


def there(address: str, platform: object = None, patience: int = 1) -> WorkspaceThere:
    settings = settings_of(platform)
    api = WorkspaceApi(address, settings.resource_id, patience)
    return workspace_there.named(
        settings, api, {} if platform else {"DATABRICKS_HOST": address}, Commands(stack="prod")
    )


def refused(ask: Callable[[], None]) -> str:
    with pytest.raises(SettingsError) as refusal:
        ask()
    said = str(refusal.value)
    assert "cannot be asked. No resource was touched." in said
    assert "dapi-secret" not in said
    return said


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is known."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [("127.0.0.1", 443)])  # others are known


@pytest.mark.usefixtures("nameless")
def test_a_name_that_nobody_has_is_told_with_the_command_that_prints_the_right_one() -> None:
    said = refused(there(ADOPTED["adopt"]["host"], ADOPTED).reach)

    assert "rollpin:platform.adopt.host" in said
    assert "`https://adb-1234567890123456.7.azuredatabricks.net`: there is no such name" in said
    assert f"write `https://` and what this prints: az databricks workspace show --ids {RESOURCE}" in said
    assert "a private link alone" in said


@pytest.mark.usefixtures("nameless")
def test_the_example_of_the_stack_file_is_told_as_that() -> None:
    said = refused(there("https://adb-2222222222222222.2.azuredatabricks.net", ADOPTED).reach)

    assert "`https://adb-2222222222222222.2.azuredatabricks.net`: the example of the stack file" in said
    assert "in Pulumi.prod.yaml, fill in what is marked FILL IN" in said
    assert "az databricks workspace list" in said
    assert RESOURCE not in said


@pytest.mark.usefixtures("nameless")
def test_on_a_machine_that_looks_up_no_name_none_is_said_to_be_nobody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", offline)
    said = refused(there("https://adb-1234567890123456.7.azuredatabricks.net", ADOPTED).reach)

    assert "it does not answer: its name cannot be looked up from here: Name or service not known" in said
    assert not workspace_there.is_gone(settings_of(CREATED), "https://adb-1.1.azuredatabricks.net", {})


@pytest.mark.usefixtures("nameless")
def test_a_stack_whose_own_workspace_is_gone_makes_it_again_and_no_other_does() -> None:
    own, others = settings_of(CREATED), settings_of(ADOPTED)

    assert workspace_there.is_gone(own, "https://adb-1.1.azuredatabricks.net", {})
    assert not workspace_there.is_gone(others, "https://adb-1.1.azuredatabricks.net", {})
    assert not workspace_there.is_gone(own, "https://adb-1.1.azuredatabricks.net", {"DATABRICKS_HOST": "https://other"})


def test_a_workspace_of_ones_own_that_does_not_answer_is_not_gone() -> None:
    own = settings_of(CREATED)

    assert not workspace_there.is_gone(own, f"http://127.0.0.1:{free_port()}", {})


def test_an_address_at_which_nobody_listens_is_told_at_once() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    said = refused(there(address).reach)

    assert f"`{address}`: it does not answer: [Errno 111] Connection refused" in said
    assert "  DATABRICKS_HOST\n" in said
    assert f"curl --head {address}" in said


def test_what_is_beyond_a_proxy_is_left_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    there(f"http://127.0.0.1:{free_port()}").reach()


@pytest.mark.parametrize("status", [200, 404, 502])
def test_a_page_is_not_databricks(serve: Serve, status: int) -> None:
    address = serve(status, PAGE, "<html>Welcome</html>")
    named = there(address)
    named.reach()

    assert f"`{address}`: what answers there is not Databricks" in refused(named.enter)


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_not_good_are_told_in_the_workspace_s_words_alone(serve: Serve, status: int) -> None:
    address = serve(status, JSON, '{"error_code": "403", "message": "Invalid access token."}')
    said = refused(there(address).enter)

    assert "it does not let in whoever runs this: Invalid access token\n" in said or "Invalid access token.\n" in said
    assert f"databricks current-user me --host {address}" in said
    assert "Config" not in said


def test_nothing_to_sign_in_by_is_told(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    address = serve(200, JSON, "{}")
    for name in ("DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID", "DATABRICKS_AUTH_TYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_AUTH_TYPE", "pat")
    said = refused(there(address).enter)

    assert "it does not let in whoever runs this: " in said
    assert "az login" in said


def test_a_workspace_that_lets_in_is_asked_once_who_that_is(serve: Serve) -> None:
    named = there(serve(200, JSON, '{"userName": "ann@example.com"}'))
    named.reach()
    named.enter()

    assert named.api.me == {"userName": "ann@example.com"}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
