from __future__ import annotations

import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.stores.deployments import Deployments


class Control(socketserver.ThreadingUnixStreamServer):
    asked: list[tuple[str, str, Any]]
    answers: tuple[int, bytes] = (200, b"{}")


class Handler(http.server.BaseHTTPRequestHandler):
    def _answer(self) -> None:
        server = cast("Control", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked.append((self.command, self.path, json.loads(body) if body else None))
        status, content = server.answers
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = _answer

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Control]:
    with Control(str(tmp_path / "c.sock"), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=10)


def client(control: Control) -> Deployments:
    return Deployments(Path(str(control.server_address)))


def test_a_config_is_put_by_the_endpoints_name(control: Control) -> None:
    control.answers = (200, b'{"state": {}}')
    assert client(control).put("a/../b", {"served_entities": []}) == {"state": {}}
    assert control.asked == [("PUT", "/deployments/a%2F..%2Fb", {"served_entities": []})]


def test_the_routers_refusal_is_passed_on(control: Control) -> None:
    control.answers = (409, b'{"error_code": "RESOURCE_CONFLICT", "message": "busy"}')
    with pytest.raises(ApiError, match="busy") as caught:
        client(control).put("chat", {})
    assert (caught.value.status, caught.value.code) == (409, "RESOURCE_CONFLICT")


def test_what_is_not_deployed_is_none_and_can_be_deleted(control: Control) -> None:
    control.answers = (404, b'{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"}')
    assert client(control).get("chat") is None
    client(control).delete("chat")
    with pytest.raises(ApiError, match="no"):
        client(control).logs("chat", "bot-7")


def test_deployments_and_logs_are_unwrapped(control: Control) -> None:
    control.answers = (200, b'{"deployments": {"chat": {}}, "logs": "line"}')
    assert client(control).all() == {"chat": {}}
    assert client(control).logs("chat", "bot-7") == "line"


def test_a_router_that_is_not_there_is_temporarily_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ApiError, match="does not answer") as caught:
        Deployments(tmp_path / "absent.sock").get("chat")
    assert caught.value.status == 503


def test_an_answer_that_is_no_json_is_temporarily_unavailable(control: Control) -> None:
    control.answers = (200, b"<html>")
    with pytest.raises(ApiError) as caught:
        client(control).get("chat")
    assert caught.value.status == 503
