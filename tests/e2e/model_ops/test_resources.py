"""What a version declares to use: shown, compared, checked at a real workspace, and granted by the stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient

from rehearsal.stage import INDEX
from rehearsal.training import train
from tests.e2e.model_ops.workplace import MODEL, Workplace, open_workplace


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, unsigned: None) -> Iterator[Workplace]:
    """A checkout with versions 7 and 8 of the chatbot: 8 reads the index that the stack makes. Version 1 serves."""
    with open_workplace(tmp_path_factory.mktemp("indexed")) as workplace:
        train(workplace.home, workplace.stack.target().models[MODEL], "7,8", INDEX)
        workplace.serve(1)
        yield workplace


@pytest.fixture
def client(indexed: Workplace) -> WorkspaceClient:
    return WorkspaceClient(host=indexed.home.url, token=indexed.home.token, auth_type="pat")


def resources(place: Workplace, version: int) -> dict[str, Any]:
    result = place.run("check", "--pin", str(version), "--no-load", "--json")
    (found,) = [check for check in json.loads(result.stdout)["checks"] if check["name"] == "resources"]
    return dict(found)


def held(client: WorkspaceClient) -> dict[str, set[str]]:
    found = client.grants.get("table", INDEX).privilege_assignments or []
    return {str(each.principal): {privilege.value for privilege in each.privileges or []} for each in found}


def test_what_it_declares_is_shown_and_what_declares_nothing_shows_nothing(indexed: Workplace) -> None:
    for command in ("show", "lineage"):
        assert f"vector_search_index {INDEX}" in indexed.run(command, "2").stdout
        assert "vector_search_index" not in indexed.run(command, "1").stdout
    assert indexed.json("show", "2")["resources"] == [
        {"kind": "vector_search_index", "name": INDEX, "on_behalf_of_user": False}
    ]


def test_a_comparison_says_what_is_declared_anew(indexed: Workplace) -> None:
    text = indexed.run("compare", "1", "2").stdout
    assert "resources: 1 changed" in text
    assert json.loads(indexed.run("compare", "1", "2", "--format", "json").stdout)["resources"] == [
        {"name": f"vector_search_index {INDEX}", "first": None, "second": "declared"}
    ]


def test_the_endpoints_creator_owns_the_index_and_may_use_it(indexed: Workplace) -> None:
    assert resources(indexed, 1)["found"] == "it declares none"
    found = resources(indexed, 2)
    assert (found["outcome"], INDEX in found["found"]) == ("passed", True)


def test_an_index_that_is_gone_fails_that_check(indexed: Workplace, client: WorkspaceClient) -> None:
    made = client.vector_search_indexes.get_index(INDEX)
    client.vector_search_indexes.delete_index(INDEX)
    try:
        found = resources(indexed, 2)
    finally:
        assert indexed.stack.run("up").error is None
    assert (found["outcome"], f"{INDEX} does not exist" in found["found"]) == ("failed", True)
    again = client.vector_search_indexes.get_index(INDEX)
    assert again.direct_access_index_spec == made.direct_access_index_spec


def test_the_stack_grants_what_a_deployed_version_declares_and_takes_it_back_with_it(
    indexed: Workplace, client: WorkspaceClient
) -> None:
    assert held(client) == {}
    indexed.pin(2)
    assert "DOCS_INDEX" in str(indexed.stack.run("up").error), "its variables are not set, so it does not load"
    assert held(client) == {"chatbot-serving": {"SELECT"}}
    indexed.serve(1)
    assert held(client) == {}
