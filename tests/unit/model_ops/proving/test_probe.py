"""What serves is proven only of a version that there still is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_ops.proving.verify import Proof, verify_deployed
from tests.unit.model_ops.known_workspace import NAME, deployed

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


def proven(answers: Mapping[str, Any]) -> Proof:
    """Prove a stack that pins version 7 on a workspace that serves it, answers what is given, and has no files."""
    with deployed({"/api/2.0/serving-endpoints/bot": ENDPOINT, **answers}) as stack:
        (proof,) = verify_deployed(stack)
    return proof


def test_a_version_that_the_registry_has_no_more_is_not_proven_though_it_serves() -> None:
    proof = proven({})

    assert not proof.held
    assert "but version 7 failed its proof:\n  - the registry has it no more: There is no" in str(proof)


def test_a_version_whose_files_cannot_be_read_is_sent_no_request() -> None:
    proof = proven(REGISTRY)

    assert proof.held
    assert "version 7 was sent no request: its example cannot be read" in str(proof)
