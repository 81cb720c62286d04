from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.endpoints.config_rules import Config
from sandbox.workspace.endpoints.endpoint_records import (
    all_records,
    deploy_first,
    deployment_of,
    find_record,
    new_record,
    write,
)
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import Workspace

MODEL = "prod.chatbot.bot"
RECORD = {"creator": "admin@sandbox.local"}


@pytest.fixture
def workspace(documents: Documents, registry: Any, fake_router: Any, tmp_path: Path) -> Workspace:
    columns = json.dumps([{"type": "string", "name": "a"}])
    (tmp_path / "MLmodel").write_text(yaml.safe_dump({"signature": {"inputs": columns, "outputs": columns}}))
    registry.directory = tmp_path
    registry.add(MODEL, "READY", "PENDING_REGISTRATION", "FAILED_REGISTRATION")
    return Workspace(documents, registry, cast("Deployments", fake_router), Home(tmp_path))


def config(version: str, **fields: Any) -> Config:
    return Config([{"name": "bot", "entity_name": MODEL, "entity_version": version, **fields}], [])


def test_a_ready_version_is_deployed_from_its_directory(workspace: Workspace, tmp_path: Path) -> None:
    entity = deployment_of(workspace, RECORD, config("1"), None)["served_entities"][0]
    assert entity["model_dir"] == str(tmp_path)
    assert entity["creator"] == "admin@sandbox.local"


@pytest.mark.parametrize(("version", "status"), [("2", "PENDING_REGISTRATION"), ("3", "FAILED_REGISTRATION")])
def test_only_ready_versions_are_served(workspace: Workspace, version: str, status: str) -> None:
    with pytest.raises(ApiError, match=f"it is {status}, only READY versions can"):
        deployment_of(workspace, RECORD, config(version), None)


def test_a_copy_is_served_only_once_what_it_refers_to_is_ready(workspace: Workspace, registry: Any) -> None:
    for number in (1, 2):
        made = registry.versions_by_name[MODEL, number]
        registry.versions_by_name[MODEL, number] = replace(made, storage="s" * 32)
    with pytest.raises(ApiError, match="bot/2 cannot be served: it is PENDING_REGISTRATION"):
        deployment_of(workspace, RECORD, config("1"), None)


def test_an_unknown_version_is_refused_with_those_that_are_ready(workspace: Workspace) -> None:
    with pytest.raises(ApiError, match=r"bot/99 does not exist; READY versions are 1\."):
        deployment_of(workspace, RECORD, config("99"), None)


def test_an_unknown_model_is_refused(workspace: Workspace) -> None:
    unknown = Config([{"name": "x", "entity_name": "prod.chatbot.x", "entity_version": "1"}], [])
    with pytest.raises(ApiError, match=r"Registered model 'prod\.chatbot\.x' does not exist"):
        deployment_of(workspace, RECORD, unknown, None)


def test_an_entity_that_stays_keeps_its_id_and_its_time_of_creation(workspace: Workspace) -> None:
    held = {"name": "bot", "entity_name": MODEL, "entity_version": "1", "creation_timestamp": 5, "id": "e1"}
    current = {"config": {"served_entities": [held]}, "pending_config": None}
    kept = deployment_of(workspace, RECORD, config("1", workload_size="Large"), current)["served_entities"][0]
    assert (kept["id"], kept["creation_timestamp"]) == ("e1", 5)
    other = deployment_of(workspace, RECORD, config("1", environment_vars={"A": "b"}), current)
    assert other["served_entities"][0]["creation_timestamp"] != 5
    assert other["served_entities"][0]["id"] != "e1"


def test_a_create_that_the_router_refuses_leaves_no_endpoint(workspace: Workspace, fake_router: Any) -> None:
    fake_router.refusal = ApiError(400, "INVALID_PARAMETER_VALUE", "no")
    with pytest.raises(ApiError, match="no"):
        deploy_first(workspace, new_record("chat", {}), {})
    assert all_records(workspace) == []


def test_a_create_that_was_cut_short_is_what_the_router_knows_of_it(workspace: Workspace, fake_router: Any) -> None:
    write(workspace, new_record("chat", {}) | {"creating": True})
    with pytest.raises(ApiError, match="'chat' does not exist"):
        find_record(workspace, "chat")
    fake_router.put("chat", {})
    assert find_record(workspace, "chat")["name"] == "chat"


def test_a_create_without_an_answer_from_the_router_is_decided_by_the_router(
    workspace: Workspace, fake_router: Any
) -> None:
    fake_router.refusal = ApiError(503, "TEMPORARILY_UNAVAILABLE", "gone")
    with pytest.raises(ApiError, match="gone"):
        deploy_first(workspace, new_record("chat", {}), {})
    assert all_records(workspace) == []
    fake_router.deployed["chat"] = {}
    assert [record["name"] for record in all_records(workspace)] == ["chat"]
