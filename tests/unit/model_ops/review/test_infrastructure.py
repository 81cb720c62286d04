"""What a preview's document says, in words: what matters first, what only repeats left out, no secret shown."""

from __future__ import annotations

from typing import Any

import pytest

from model_ops.review.infrastructure import counted, infrastructure, stack_of

ENDPOINT = "rollpin:index:ModelStack$databricks:index/modelServing:ModelServing::bot-endpoint"
SCHEMA = "databricks:index/schema:Schema::chatbot"


def step(
    op: str, what: str = ENDPOINT, old: Any = None, new: Any = None, paths: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "op": op,
        "urn": f"urn:pulumi:prod::rollpin::{what}",
        "oldState": {"inputs": old or {}},
        "newState": {"inputs": new or {}},
        "detailedDiff": {path: {"kind": "update", "inputDiff": True} for path in paths},
    }


def route(version: int) -> dict[str, Any]:
    return {"config": {"routes": [{"servedModelName": f"bot-v{version}", "servedEntityName": f"bot-v{version}"}]}}


def test_an_update_is_one_change_with_its_paths_and_nothing_is_replaced() -> None:
    paths = ("config.routes[0].servedModelName", "config.routes[0].servedEntityName", "state")
    found = infrastructure({"steps": [step("update", old=route(7), new=route(6), paths=paths), step("same", SCHEMA)]})

    assert counted(found) == "1 update, nothing replaced or deleted"
    (change,) = found.changes
    assert (change.kind, change.name, found.same) == ("serving endpoint", "bot-endpoint", 1)
    assert [(each.path, each.before, each.after) for each in change.paths] == [
        ("config.routes[0].servedModelName", '"bot-v7"', '"bot-v6"')
    ]


def test_a_name_that_the_provider_alone_repeats_stays_where_nothing_beside_it_says_the_same() -> None:
    path = "config.routes[0].servedEntityName"
    found = infrastructure({"steps": [step("update", old=route(7), new=route(6), paths=(path,))]})
    assert [each.path for each in found.changes[0].paths] == [path]


def test_what_cannot_be_undone_comes_first_and_is_counted() -> None:
    found = infrastructure({"steps": [step("update"), step("delete", SCHEMA), step("create", "a:b/c:Grant::x")]})
    assert [each.operation for each in found.changes] == ["delete", "update", "create"]
    assert counted(found) == "1 update, 1 create, 1 delete"
    assert [each.kind for each in found.destructive] == ["schema"]


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("databricks:index/modelServing:ModelServing", "serving endpoint"),
        ("azure-native:databricks:Workspace", "workspace"),
        ("azure-native:databricks/v20260101:Workspace", "workspace"),
        ("azure-native:operationalinsights:Workspace", "Log Analytics workspace"),
        ("azure-native:cache:Redis", "Redis"),
        ("random:index/randomId:RandomId", "RandomId"),
    ],
)
def test_a_type_is_called_as_people_call_it(token: str, said: str) -> None:
    assert infrastructure({"steps": [step("delete", f"{token}::x")]}).destructive[0].kind == said


def test_what_the_engine_only_lets_go_of_is_not_deleted() -> None:
    forgotten = {**step("delete", SCHEMA), "oldState": {"inputs": {}, "retainOnDelete": True}}
    found = infrastructure({"steps": [forgotten]})
    assert found.changes[0].operation == "forget"
    assert found.destructive == ()


def test_a_replacement_is_told_once_and_components_not_at_all() -> None:
    steps = [step(op) for op in ("create-replacement", "replace", "delete-replaced")]
    component = step("update", "rollpin:index:ModelStack::bot")
    assert [each.operation for each in infrastructure({"steps": [*steps, component]}).changes] == ["replace"]


def test_of_a_variable_the_name_is_shown_and_never_the_value() -> None:
    old, new = ({"config": {"environmentVars": {"TOKEN": value}}} for value in ("a-secret", "another-secret"))
    found = infrastructure({"steps": [step("update", old=old, new=new, paths=("config.environmentVars",))]})
    assert "secret" not in str(found)


@pytest.mark.parametrize("again", ["pins what cannot be served", "preview failed", "up: pins what cannot be served"])
def test_why_a_preview_was_refused_is_told_once_in_the_programs_words(again: str) -> None:
    said = [{"severity": "error", "message": text} for text in ("<{%reset%}>pins what cannot be served", again)]
    document = {"diagnostics": [{**said[0], "urn": "urn:pulumi:prod::rollpin::pulumi:pulumi:Stack::x"}, said[1]]}
    assert infrastructure(document).errors == ("pins what cannot be served",)
    assert stack_of(document) == "prod"


def test_a_preview_that_changes_nothing_says_so() -> None:
    assert counted(infrastructure({"steps": [step("same")]})) == "nothing changes"
