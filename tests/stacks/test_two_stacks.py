"""Two stacks in one workspace that share a catalog and a schema: neither takes away what the other gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from tests.stacks.recorded import Registered, Stack

HOST = "https://adb-1.1.azuredatabricks.net"
PERMISSIONS = "/api/2.1/unity-catalog/permissions"
FILES = {
    "prod": """\
config:
  rollpin:models:
    chatbot: {catalog: prod, schema: serving, createCatalog: true, access: {manage: [engineers], execute: [jobs]}}
""",
    "prod-search": """\
config:
  rollpin:models:
    ranker: {catalog: prod, schema: serving, createSchema: false, access: {execute: [engineers, search]}}
""",
}
Grants = dict[str, dict[str, set[str]]]
"""Privileges by principal, by the address of what they are on."""


class Shared:
    """A workspace that keeps what each stack gives, as the provider would; and what each stack said last."""

    def __init__(self, run: Callable[..., Stack], project: Path) -> None:
        self._run, self._project = run, project
        self.grants: Grants = {}
        self.last: dict[str, Mapping[str, Any]] = {}
        self.files = dict(FILES)
        self.made: dict[str, dict[str, Registered]] = {}
        """Each stack's grants to one principal, by name: one that it does not register again is deleted."""

    def up(self, stack: str) -> Stack:
        (self._project / f"Pulumi.{stack}.yaml").write_text(self.files[stack])
        there = {path: _body(held) for path, held in self.grants.items()}
        made = self._run(stack, project=self._project, host=HOST, there=there, last=self.last.get(stack))
        self.last[stack] = made.outputs
        for each in made.of("Grants"):
            entries = each.inputs["grants"]
            self.grants[_path(each.inputs)] = {one["principal"]: set(one["privileges"]) for one in entries}
        for each in made.of("Grant"):
            self._one(stack, each)
        gone = self.made.get(stack, {}).keys() - {each.name for each in made.of("Grant")}
        for each in (self.made[stack].pop(name) for name in gone):
            if not each.retained:
                del self.grants[_path(each.inputs)][each.inputs["principal"]]
        return made

    def _one(self, stack: str, each: Registered) -> None:
        self.made.setdefault(stack, {})[each.name] = each
        self.grants.setdefault(_path(each.inputs), {})[each.inputs["principal"]] = set(each.inputs["privileges"])


def _path(inputs: Mapping[str, Any]) -> str:
    kind = next(kind for kind in ("catalog", "schema", "model") if kind in inputs)
    return f"{PERMISSIONS}/{'function' if kind == 'model' else kind}/{inputs[kind]}"


def _body(held: Mapping[str, set[str]]) -> dict[str, Any]:
    return {"privilege_assignments": [{"principal": who, "privileges": sorted(each)} for who, each in held.items()]}


@pytest.fixture
def shared(run: Callable[..., Stack], tmp_path: Path) -> Shared:
    return Shared(run, tmp_path)


def test_whatever_the_order_both_stacks_principals_keep_all_that_either_gives(shared: Shared) -> None:
    for stack in ("prod", "prod-search", "prod", "prod-search", "prod"):
        shared.up(stack)

    assert shared.grants[f"{PERMISSIONS}/catalog/prod"] == {
        "engineers": {"USE_CATALOG"},
        "jobs": {"USE_CATALOG"},
        "search": {"USE_CATALOG"},
    }
    assert shared.grants[f"{PERMISSIONS}/schema/prod.serving"] == {
        "engineers": {"CREATE_MODEL_VERSION", "USE_SCHEMA"},
        "jobs": {"USE_SCHEMA"},
        "search": {"USE_SCHEMA"},
    }


def test_a_second_up_of_either_changes_nothing_that_the_other_has(shared: Shared) -> None:
    shared.up("prod")
    shared.up("prod-search")
    before = {path: {who: set(each) for who, each in held.items()} for path, held in shared.grants.items()}

    shared.up("prod")
    shared.up("prod-search")

    assert shared.grants == before


def test_what_a_stack_gave_it_takes_back_and_what_a_hand_gave_it_leaves(shared: Shared) -> None:
    shared.up("prod")
    shared.grants[f"{PERMISSIONS}/schema/prod.serving"]["analysts"] = {"SELECT"}
    shared.grants[f"{PERMISSIONS}/schema/prod.serving"]["jobs"].add("SELECT")
    shared.files["prod"] = FILES["prod"].replace(", execute: [jobs]", "")

    shared.up("prod")

    assert shared.grants[f"{PERMISSIONS}/schema/prod.serving"] == {
        "analysts": {"SELECT"},
        "engineers": {"CREATE_MODEL_VERSION", "USE_SCHEMA"},
        "jobs": {"SELECT"},
    }
    assert "jobs" not in shared.grants[f"{PERMISSIONS}/catalog/prod"]


def test_a_stack_that_only_uses_a_schema_takes_back_just_what_it_gave(shared: Shared) -> None:
    schema = f"{PERMISSIONS}/schema/prod.serving"
    shared.up("prod")
    shared.grants[schema]["search"] = {"SELECT"}
    shared.up("prod-search")
    assert shared.grants[schema]["search"] == {"SELECT", "USE_SCHEMA"}
    shared.files["prod-search"] = FILES["prod-search"].replace("[engineers, search]", "[]")

    shared.up("prod-search")
    once = {who: set(each) for who, each in shared.grants[schema].items()}
    shared.up("prod-search")

    assert once == shared.grants[schema]
    assert once["search"] == {"SELECT"}
    assert once["engineers"] >= {"CREATE_MODEL_VERSION"}
    assert "search" not in shared.grants[f"{PERMISSIONS}/catalog/prod"]


def test_a_stack_that_leaves_the_way_there_to_others_takes_nothing_away_and_then_asks_no_more(shared: Shared) -> None:
    schema = f"{PERMISSIONS}/schema/prod.serving"
    shared.up("prod")
    shared.up("prod-search")
    before = {path: {who: set(each) for who, each in held.items()} for path, held in shared.grants.items()}
    shared.files["prod-search"] = FILES["prod-search"].replace("search]", "search], reach: false")

    leaving, left = shared.up("prod-search"), shared.up("prod-search")

    assert leaving.outputs["let_go"] == ["single grants on catalog prod", "single grants on schema prod.serving"]
    assert all(each.retained for each in leaving.of("Grant"))
    assert (left.of("Grant"), left.outputs["let_go"], left.outputs["given"]) == ([], [], {})
    assert shared.grants[schema] == before[schema]
    assert shared.grants[f"{PERMISSIONS}/catalog/prod"] == before[f"{PERMISSIONS}/catalog/prod"]
    assert not [path for path in left.asked if "/permissions/catalog" in path or "/permissions/schema" in path]


def test_a_stack_that_made_the_catalog_hands_it_over_with_all_privileges_on_it(shared: Shared) -> None:
    shared.up("prod")
    catalog = f"{PERMISSIONS}/catalog/prod"
    shared.grants[catalog]["analysts"] = {"USE_CATALOG"}
    text = FILES["prod"].replace("createCatalog: true", "createSchema: false").replace("[jobs]", "[jobs], reach: false")
    shared.files["prod"] = text

    leaving, left = shared.up("prod"), shared.up("prod")

    assert leaving.outputs["let_go"] == ["catalog prod", "schema prod.serving"]
    assert all(each.retained for each in [*leaving.of("Catalog"), *leaving.of("Schema")])
    assert shared.grants[catalog] == {each: {"USE_CATALOG"} for each in ("analysts", "engineers", "jobs")}
    assert {each.type.rpartition(":")[2] for each in left.custom} == {
        "RegisteredModel",
        "Grants",
        "MlflowExperiment",
        "Permissions",
    }


def test_the_two_share_no_experiment_and_no_endpoint(shared: Shared) -> None:
    made = [shared.up("prod"), shared.up("prod-search")]

    paths = [each.inputs["name"] for stack in made for each in stack.of("MlflowExperiment")]
    assert paths == ["/Shared/rollpin-prod-chatbot", "/Shared/rollpin-prod-search-ranker"]
    assert [len(stack.of("Catalog")) for stack in made] == [1, 0]
    assert [len(stack.of("Schema")) for stack in made] == [1, 0]


def test_where_nobody_says_what_others_hold_nothing_is_given(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = WorkspaceApi.get

    def get(api: WorkspaceApi, path: str) -> Mapping[str, Any] | None:
        if path.startswith(PERMISSIONS):
            raise UnansweredError("User does not have MANAGE on Catalog 'prod'.")
        return asked(api, path)

    monkeypatch.setattr(WorkspaceApi, "get", get)

    with pytest.raises(pulumi.RunError, match="does not have MANAGE") as refused:
        shared.up("prod-search")

    assert "Nobody knows what others hold on catalog prod" in str(refused.value)
    assert shared.grants == {}
