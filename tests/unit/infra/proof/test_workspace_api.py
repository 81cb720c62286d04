"""How a workspace is asked: over HTTP, with the environment's credentials."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.proof.workspace_api import LONGEST, AbsentError, UnansweredError, WorkspaceApi

ANSWERS = {
    "/api/found": (200, {"name": "bot"}),
    "/api/absent": (404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such endpoint"}),
    "/api/list": (200, [1]),
    "/api/long": (200, "x" * LONGEST),
    "/api/forbidden": (403, {"error_code": "PERMISSION_DENIED", "message": "not allowed to see it"}),
}


class Handler(BaseHTTPRequestHandler):
    """Answers as a workspace does, to those who show the token."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        status, body = ANSWERS.get(path, (404, {}))
        if path in ANSWERS and self.headers["Authorization"] != "Bearer dapi-secret":
            status, body = 401, {"error_code": "UNAUTHENTICATED", "message": "who are you?"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkspaceApi]:
    for name in ("DATABRICKS_HOST", "DATABRICKS_AUTH_TYPE", "DATABRICKS_CONFIG_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-secret")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield WorkspaceApi(f"http://127.0.0.1:{server.server_port}", "/subscriptions/s")
        server.shutdown()


def test_what_is_there_is_given_as_it_was_sent(api: WorkspaceApi) -> None:
    assert api.get("/api/found") == {"name": "bot"}


def test_what_is_not_there_is_none(api: WorkspaceApi) -> None:
    assert api.get("/api/absent") is None


def test_what_is_not_there_is_told_in_the_workspaces_words_to_who_asks(api: WorkspaceApi) -> None:
    with pytest.raises(AbsentError) as absent:
        api.ask("/api/absent")

    assert str(absent.value) == "no such endpoint"


def test_an_answer_that_is_no_object_is_told_as_such(api: WorkspaceApi) -> None:
    with pytest.raises(UnansweredError, match="something else than a JSON object"):
        api.ask("/api/list")


def test_a_file_is_read_as_it_is(api: WorkspaceApi) -> None:
    assert api.text("/api/found") == '{"name": "bot"}'


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/long", f"more than {LONGEST} bytes"),
        ("/api/absent", "no such endpoint"),
        ("/api/forbidden", "not allowed to see it"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(api: WorkspaceApi, path: str, words: str) -> None:
    with pytest.raises(UnansweredError, match=words):
        api.text(path)


@pytest.mark.usefixtures("api")
def test_a_workspace_that_cannot_be_reached_is_given_up_with_the_reason() -> None:
    with pytest.raises(UnansweredError, match=r"Timed out after 0:00:01: .*refused"):
        WorkspaceApi("http://127.0.0.1:9", None, patience=1).ask("/api/found")


def test_a_refusal_is_told_in_the_workspaces_words(api: WorkspaceApi) -> None:
    with pytest.raises(UnansweredError, match="not allowed to see it"):
        api.get("/api/forbidden")


def test_a_bad_token_is_told_without_the_token(api: WorkspaceApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi-wrong")

    with pytest.raises(UnansweredError, match="who are you") as refused:
        api.get("/api/found")

    assert "dapi-wrong" not in str(refused.value)
