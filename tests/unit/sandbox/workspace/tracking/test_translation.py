from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from sandbox.workspace.tracking.message_bodies import whole
from sandbox.workspace.tracking.translation import Translation

SDK = "unknown/0.0.0 databricks-sdk-py/0.156.0"
MLFLOW, DATABRICKS = "mlflow-artifacts:/1/r/artifacts", "dbfs:/databricks/mlflow-tracking/1/r/artifacts"
RUNS = "/api/2.0/mlflow/runs/get"


def pass_through(sent: Any, agent: str, path: str = RUNS, kind: str = "application/json", query: bytes = b"") -> Any:
    """What the application was given, and what the client got, in the pieces that it came in."""
    given: dict[str, Any] = {}
    got: list[bytes] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        given.update(body=await whole(receive), query=scope["query_string"], headers=dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": given["body"][:9], "more_body": True})
        await send({"type": "http.response.body", "body": given["body"][9:]})

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(sent).encode()}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            got.append(message["body"])

    headers = [(b"user-agent", agent.encode()), (b"content-length", b"0")]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": query, "headers": headers}
    asyncio.run(Translation(application)(scope, receive, send))
    return given, got


def test_addresses_are_translated_both_ways_at_any_depth() -> None:
    sent = {"runs": [{"info": {"artifact_uri": DATABRICKS}}], "source": DATABRICKS}
    given, got = pass_through(sent, SDK)
    assert json.loads(given["body"]) == {"runs": [{"info": {"artifact_uri": MLFLOW}}], "source": MLFLOW}
    assert given["headers"][b"content-length"] == str(len(given["body"])).encode()
    assert json.loads(b"".join(got)) == sent


def test_what_a_user_wrote_is_not_taken_for_an_address() -> None:
    sent = {"params": [{"key": "artifact_uri", "value": DATABRICKS}], "source": DATABRICKS, "note": MLFLOW}
    given, got = pass_through(sent, SDK)
    assert json.loads(given["body"])["params"] == sent["params"]
    assert json.loads(b"".join(got)) == sent


@pytest.mark.parametrize(
    ("agent", "path"),
    [
        ("mlflow-python-client/3.17.2", RUNS),
        ("Mozilla/5.0", RUNS),
        (SDK, "/api/2.0/fs/files/x"),
        (SDK, "/api/2.0/mlflow-artifacts/artifacts/x.json"),
        (SDK, "/ajax-api/2.0/mlflow/runs/get"),
    ],
)
def test_all_others_get_what_they_sent_in_the_pieces_that_it_came_in(agent: str, path: str) -> None:
    given, got = pass_through({"source": DATABRICKS}, agent, path)
    assert json.loads(given["body"]) == {"source": DATABRICKS}
    assert len(got) == 2


def test_an_answer_that_is_not_json_is_not_held_back() -> None:
    assert len(pass_through({"source": DATABRICKS}, SDK, kind="application/octet-stream")[1]) == 2


def test_filters_in_body_and_query_are_translated() -> None:
    text = f"attributes.artifact_uri = '{DATABRICKS}'"
    given, _ = pass_through({"filter": text}, SDK, query=b"filter=" + text.replace("=", "%3D").encode())
    assert json.loads(given["body"])["filter"] == f"attributes.artifact_uri = '{MLFLOW}'"
    assert b"mlflow-artifacts" in given["query"]


@pytest.mark.parametrize("sent", [[], "text mlflow-tracking", 7, {"source": 7}, {"source": None}])
def test_a_body_of_another_form_is_the_applications_to_refuse(sent: Any) -> None:
    assert json.loads(pass_through(sent, SDK)[0]["body"]) == sent
