from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from werkzeug.routing import Map, Rule

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.tracking.mlflow_gate import Gate

CREATE = "/api/2.0/mlflow/registered-models/create"
URLS = [
    CREATE,
    CREATE.replace("/api", "/ajax-api"),
    "/ajax-api/2.0/mlflow/registered-models/rename",
    "/api/2.0/mlflow/runs/get",
    "/",
]
URLS += ["/ajax-api/3.0/mlflow/gateway/secrets/list", "/ajax-api/3.0/mlflow/jobs/<job>", "/gateway/<path:x>"]


async def mlflow(scope: Scope, receive: Receive, send: Send) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": body})


def refuse_bot(sent: dict[str, Any]) -> None:
    if sent.get("name") == "bot":
        raise invalid("no bot")


def ask(path: str, body: Any = b"", method: str = "POST") -> tuple[int, bytes]:
    gate = Gate(
        mlflow, Map([Rule(url, methods=["GET", "POST"]) for url in URLS]), {"registered-models/create": refuse_bot}
    )
    sent: list[Message] = []
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    parts = [text[:3], text[3:]]

    async def receive() -> Message:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(gate({"type": "http", "method": method, "path": path, "headers": []}, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/2.0/sql/warehouses",
        "/oidc/v1/token",
        "/gateway/chat/invocations",
        "/ajax-api/3.0/mlflow/gateway/secrets/list",
        "/ajax-api/3.0/mlflow/jobs/1",
        "/ajax-api/3.0/jobs/1",
        "/ajax-api/3.0/mlflow/assistant/sessions",
        "/api/3.0/mlflow/mcp-servers",
    ],
)
def test_what_a_workspace_does_not_have_is_not_implemented(path: str) -> None:
    status, body = ask(path)
    assert status == 501
    assert json.loads(body)["error_code"] == "NOT_IMPLEMENTED"
    assert path in json.loads(body)["message"]


def test_a_method_that_a_route_does_not_have_is_not_implemented() -> None:
    assert ask("/api/2.0/mlflow/runs/get", method="PUT")[0] == 501


@pytest.mark.parametrize("path", ["/api/2.0/mlflow/runs/get", "/"])
def test_mlflows_own_routes_are_let_through(path: str) -> None:
    assert ask(path, method="GET")[0] == 299


def test_a_model_in_a_schema_that_exists_reaches_mlflow_whole() -> None:
    sent = {"name": "prod.chatbot.bot", "tags": []}
    assert ask(CREATE, sent) == (299, json.dumps(sent).encode())


@pytest.mark.parametrize("path", [CREATE, CREATE.replace("/api", "/ajax-api")])
@pytest.mark.parametrize("body", [{"name": "bot"}, json.dumps({"name": "bot"})])
def test_what_a_rule_refuses_does_not_reach_mlflow(path: str, body: Any) -> None:
    status, answer = ask(path, body)
    assert status == 400
    assert json.loads(answer)["message"] == "no bot"


def test_a_rule_holds_for_its_route_alone() -> None:
    assert ask("/ajax-api/2.0/mlflow/registered-models/rename", {"name": "bot"})[0] == 299


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"name": 7}', b'{"tags": "x"}'])
def test_a_body_that_says_nothing_is_mlflows_to_refuse(body: bytes) -> None:
    assert ask(CREATE, body) == (299, body)
