"""How many calls a list of versions costs, counted at a server on this machine that gives 100 a page."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.target import Target, TargetModel
from model_ops.versions.listing import list_versions
from model_ops.workspace.client import Workspace

COUNT, PAGE = 1000, 100
NAME = "prod.rag.bot"
CALLS: Counter[str] = Counter()


class Api(BaseHTTPRequestHandler):
    """The five routes that a list of versions needs; a thousand versions, each from a run of its own."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.answer(parts.path, query)

    def do_POST(self) -> None:
        self.answer(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, path: str, asked: dict[str, Any]) -> None:
        CALLS[path] += path.startswith("/api/")
        body = json.dumps(found(path, asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def found(path: str, asked: dict[str, Any]) -> dict[str, Any]:
    if path.endswith("/versions"):
        made = [{"version": COUNT - at, "status": "READY", "run_id": f"r{COUNT - at}"} for at in range(COUNT)]
        return page("model_versions", made, asked)
    if path.endswith("/runs/search"):
        runs = [
            {"info": {"run_id": f"r{n}"}, "data": {"metrics": [{"key": "f1", "value": n}]}} for n in range(COUNT + 1)
        ]
        return page("runs", [run for run in runs if f"'{run['info']['run_id']}'" in asked["filter"]], asked)
    if path.endswith("/get-by-name"):
        return {"experiment": {"experiment_id": "1"}}
    return {"aliases": [{"alias_name": "champion", "version_num": 7}]} if path.endswith(NAME) else {}


def page(field: str, items: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
    start = int(asked.get("page_token", 0))
    more = {"next_page_token": str(start + PAGE)} if start + PAGE < len(items) else {}
    return {field: items[start : start + PAGE], **more}


@pytest.fixture
def stack() -> Iterator[DeployedStack]:
    CALLS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    model = TargetModel(
        name="bot",
        full_name=NAME,
        endpoint_name="bot",
        endpoint_url=None,
        pinned_version=7,
        warm_versions=(),
        canary=None,
        run_id=None,
        experiment_name="/Shared/x",
    )
    target = Target(stack="prod", workspace_url=url, models={"bot": model})
    yield DeployedStack(
        target=target,
        workspace=Workspace(url, "a-token"),
        file=Path("Pulumi.prod.yaml"),
        commands=Commands(stack="prod"),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_thousand_versions_cost_two_calls_beside_the_pages_and_one_for_all_aliases(stack: DeployedStack) -> None:
    listed = list_versions(stack, stack.model())
    assert [each.version.number for each in listed] == list(range(COUNT, 0, -1))
    assert all(each.metrics == {"f1": each.version.number} for each in listed)
    assert [each.version.number for each in listed if each.aliases] == [7]
    pages = CALLS[f"/api/2.1/unity-catalog/models/{NAME}/versions"] + CALLS["/api/2.0/mlflow/runs/search"]
    aliases = CALLS[f"/api/2.1/unity-catalog/models/{NAME}"]
    assert (pages, aliases) == (2 * COUNT // PAGE, 1)
    assert CALLS.total() - pages - aliases == 2
