"""A workspace on this machine that knows some paths, and a stack of one model that was deployed to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.target import Target, TargetModel
from model_ops.workspace.client import Workspace

NAME = "prod.rag.bot"


class _Api(BaseHTTPRequestHandler):
    """Answers what is `known`, 404 for all else, and 501 where that says None."""

    known: Mapping[str, Any]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = self.known.get(path, {"error_code": "NOT_FOUND", "message": f"no {path}"})
        status = 501 if found is None else 200 if path in self.known else 404
        body = json.dumps(found or {"error_code": "NOT_IMPLEMENTED", "message": "not here"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def deployed(known: Mapping[str, Any]) -> Iterator[DeployedStack]:
    """The stack `prod`, which pins version 7 of NAME, on a workspace that knows these paths."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Known", (_Api,), {"known": known}))
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
    try:
        yield DeployedStack(
            target=Target(stack="prod", workspace_url=url, models={"bot": model}),
            workspace=Workspace(url, "a-token"),
            file=Path("Pulumi.prod.yaml"),
            commands=Commands(stack="prod"),
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
