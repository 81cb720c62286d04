"""What serves is proven only of a version that there still is."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.proving.verify import Proof, verify_deployed
from model_ops.target import Target, TargetModel
from model_ops.workspace.client import Workspace

NAME = "prod.rag.bot"
ENTITY = {
    "name": "bot-v7",
    "entity_name": NAME,
    "entity_version": "7",
    "state": {"deployment": "DEPLOYMENT_READY"},
}
ENDPOINT = {
    "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
    "config": {"served_entities": [ENTITY]},
}
VERSION = {"name": NAME, "version": "7", "status": "READY", "source": "s"}
REGISTRY = {
    "/api/2.0/mlflow/unity-catalog/model-versions/get": {"model_version": VERSION},
    f"/api/2.1/unity-catalog/models/{NAME}/versions/7": {**VERSION, "created_at": 0, "updated_at": 0},
}
Proven = Callable[[Mapping[str, Any]], Proof]


@pytest.fixture
def proven(tmp_path: Path) -> Iterator[Proven]:
    """Prove a stack that pins version 7 on a workspace that answers what is given, 404 else, and has no files."""
    servers = []

    def prove(answers: Mapping[str, Any]) -> Proof:
        class Api(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = {"/api/2.0/serving-endpoints/bot": ENDPOINT, **answers}.get(self.path.partition("?")[0])
                body = json.dumps(found or {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"}).encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
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
        stack = DeployedStack(
            target=Target(stack="prod", workspace_url=url, models={"bot": model}),
            workspace=Workspace(url, "a-token"),
            file=tmp_path / "Pulumi.prod.yaml",
            commands=Commands(stack="prod"),
        )
        (proof,) = verify_deployed(stack)
        return proof

    yield prove
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_version_that_the_registry_has_no_more_is_not_proven_though_it_serves(proven: Proven) -> None:
    proof = proven({})

    assert not proof.held
    assert "but version 7 failed its proof:\n  - the registry has it no more: There is no" in str(proof)


def test_a_version_whose_files_cannot_be_read_is_sent_no_request(proven: Proven) -> None:
    proof = proven(REGISTRY)

    assert proof.held
    assert "version 7 was sent no request: its example cannot be read" in str(proof)
