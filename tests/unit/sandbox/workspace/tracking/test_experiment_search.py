"""What MLflow's server is asked where a caller of Databricks' search or list leaves things out."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.types import Message, Receive, Scope, Send

from sandbox.workspace.tracking.experiment_search import MOST, ExperimentSearch

SEARCH = "/api/2.0/mlflow/experiments/search"


def passed_on(method: str, path: str, body: bytes = b"", query: bytes = b"") -> dict[str, Any]:
    """What comes through of a request."""
    seen: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        seen.update(path=scope["path"], query=parse_qs(scope["query_string"].decode()), headers=headers)
        seen["body"] = (await receive())["body"]

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_: Message) -> None:
        raise AssertionError

    headers = [(b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}
    asyncio.run(ExperimentSearch(app)(scope, receive, send))
    return seen


@pytest.mark.parametrize("body", [b"{}", b"", b'{"max_results": null}'])
def test_a_search_that_leaves_the_number_out_gets_a_page(body: bytes) -> None:
    seen = passed_on("POST", SEARCH, body)

    assert json.loads(seen["body"]) == {"max_results": MOST}
    assert seen["headers"] == {"content-type": "application/json", "content-length": str(len(seen["body"]))}


@pytest.mark.parametrize(
    "body", [b'{"max_results": 0}', b'{"maxResults": 5, "filter": "name = \'a\'"}', b"{", b"[]", b'"text"']
)
def test_what_is_said_stays_as_it_is(body: bytes) -> None:
    assert passed_on("POST", SEARCH, body)["body"] == body


def test_a_list_is_a_search_with_the_same_words() -> None:
    seen = passed_on("GET", "/api/2.0/mlflow/experiments/list", query=b"view_type=ALL&page_token=a%2Bb")
    assert (seen["path"], seen["query"]) == (
        SEARCH,
        {"view_type": ["ALL"], "page_token": ["a+b"], "max_results": [str(MOST)]},
    )
    assert passed_on("GET", SEARCH, query=b"max_results=7")["query"] == {"max_results": ["7"]}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/2.0/mlflow/runs/search"), ("POST", "/api/2.0/mlflow/experiments/list"), ("PUT", SEARCH)],
)
def test_other_requests_pass_untouched(method: str, path: str) -> None:
    seen = passed_on(method, path, b"{}")
    assert (seen["path"], seen["body"], seen["headers"]) == (path, b"{}", {"content-length": "2"})
