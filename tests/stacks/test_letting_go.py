"""What a stack takes over, and what it lets go of: neither is made anew, nor deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from tests.stacks.churn import MODEL, Churn, endpoint, entity, tags
from tests.stacks.recorded import Stack


def test_what_is_to_be_adopted_and_is_there_is_imported_and_the_rest_is_created(churn: Churn) -> None:
    there = {
        f"/api/2.1/unity-catalog/models/{MODEL}": {"full_name": MODEL},
        f"/api/2.1/unity-catalog/permissions/function/{MODEL}": {
            "privilege_assignments": [{"principal": "askers", "privileges": ["EXECUTE"]}]
        },
        "/api/2.0/permissions/serving-endpoints/e1": {
            "access_control_list": [
                {"group_name": "admins", "all_permissions": [{"permission_level": "CAN_MANAGE", "inherited": True}]},
                {"user_name": "me@example.com", "all_permissions": [{"permission_level": "CAN_MANAGE"}]},
            ]
        },
        "/api/2.0/preview/scim/v2/Me": {"userName": "me@example.com"},
    }
    access = "access: {execute: [askers], query: [askers]}"

    made = churn(f"adopt: true, servedVersion: 2, {access}", endpoint(entity(2)), **there)

    assert {each.type.rsplit(":", 1)[-1]: each.imported for each in made.custom} == {
        "Grant": "",
        "MlflowExperiment": "",
        "RegisteredModel": MODEL,
        "Grants": f"model/{MODEL}",
        "ModelServing": "churn",
        "Permissions": "",  # none but administrators and whoever runs this holds any: the provider finds nothing
    }


@pytest.mark.parametrize("part", ["experiment", "endpoint"])
def test_one_part_of_a_model_can_be_adopted_alone(churn: Churn, part: str) -> None:
    there = {
        f"/api/2.1/unity-catalog/models/{MODEL}": {"full_name": MODEL},
        "/api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FShared%2Frollpin-dev-churn": {
            "experiment": {"experiment_id": "77"}
        },
    }

    made = churn(f"servedVersion: 2, {part}: {{adopt: true}}", endpoint(entity(2)), **there)

    imported = {each.type.rsplit(":", 1)[-1]: each.imported for each in made.custom if each.imported}
    assert imported == ({"MlflowExperiment": "77"} if part == "experiment" else {"ModelServing": "churn"})


def test_a_model_of_somebody_elses_is_only_used(churn: Churn) -> None:
    made = churn("createModel: false, servedVersion: 2, access: {execute: [askers]}")

    assert {each.type.rsplit(":", 1)[-1] for each in made.custom} == {"Grant", "ModelServing"}
    on_model = [each.inputs for each in made.of("Grant") if "model" in each.inputs]
    assert on_model == [{"model": MODEL, "principal": "askers", "privileges": ["EXECUTE"]}]


def test_before_anything_is_created_the_engine_has_to_look_whether_it_is_there(churn: Churn) -> None:
    made = churn("servedVersion: 2")

    assert {each.type.rsplit(":", 1)[-1]: each.hooks["before_create"] for each in made.custom} == {
        "MlflowExperiment": ["experiment /Shared/rollpin-dev-churn is free"],
        "RegisteredModel": [f"registered model {MODEL} is free"],
        "ModelServing": ["serving endpoint churn is free"],
    }


def test_retiring_lets_go_of_a_protected_endpoint_first_and_changes_nothing_else(churn: Churn) -> None:
    live = endpoint(entity(2), tags={"model_version": "2", "team": "churn"})

    made = churn("retired: true, servedVersion: 2", live)

    assert not any(each.protect for each in made.custom)
    assert {each.type.rsplit(":", 1)[-1] for each in made.custom if each.retained} == {
        "RegisteredModel",
        "MlflowExperiment",
    }
    assert tags(made.one("ModelServing")) == {"model_version": "2", "team": "churn", "retired": "true"}
    assert made.outputs["models"]["churn"]["retired"] == "let go"
    assert made.outputs["models"]["churn"]["pinned_version"] is None


@pytest.mark.parametrize(
    ("protect", "live"),
    [(True, endpoint(entity(2), tags={"retired": "true"})), (True, None), (False, endpoint(entity(2)))],
)
def test_then_the_endpoint_is_gone_and_the_rest_is_kept(
    churn: Churn, protect: bool, live: Mapping[str, Any] | None
) -> None:
    made = churn("retired: true, servedVersion: 2", live, protect=protect)

    assert {each.type.rsplit(":", 1)[-1] for each in made.custom} == {"RegisteredModel", "MlflowExperiment"}
    assert all(each.retained and not each.protect for each in made.custom)
    assert made.outputs["models"]["churn"]["retired"] == "down"


def test_a_retired_model_is_not_looked_up(churn: Churn) -> None:
    asked = churn("retired: true, servedVersion: 99", protect=False).asked

    assert not [each for each in asked if "/versions" in each]


USED = "createCatalog: false, createModel: false, servedVersion: 2, access: {execute: [askers]}"
OWNED = [
    "catalog main",
    "experiment /Shared/rollpin-dev-churn",
    f"registered model {MODEL}",
    "schema main.shared",
]


def kinds(made: Stack) -> set[str]:
    return {each.type.rsplit(":", 1)[-1] for each in made.custom}


@pytest.mark.parametrize("protect", [True, False])
def test_what_the_stack_made_and_is_told_only_to_use_is_let_go_first(churn: Churn, protect: bool) -> None:
    made = churn(USED, protect=protect, last={"owned": OWNED})

    assert kinds(made) == {"Catalog", "Schema", "RegisteredModel", "MlflowExperiment", "Grants", "ModelServing"}
    data = [each for each in made.custom if not each.type.endswith(":ModelServing")]
    assert all(each.retained and not each.protect for each in data)
    assert made.outputs["let_go"] == OWNED
    assert made.outputs["owned"] == ["serving endpoint churn"]


def test_then_it_is_forgotten_and_only_used(churn: Churn) -> None:
    made = churn(USED, last={"owned": ["serving endpoint churn"]})

    assert kinds(made) == {"Grant", "ModelServing"}
    assert made.outputs["let_go"] == []


def test_the_way_back_keeps_the_single_grants_until_all_of_them_are_the_stacks(churn: Churn) -> None:
    back = "adopt: true, servedVersion: 2, access: {execute: [askers]}"
    model = f"registered model {MODEL}"

    taking = churn(back, last={"owned": ["serving endpoint churn"], "used": [model, "schema main.shared"]})
    taken = churn(back, last=taking.outputs)

    on_model = [each for each in taking.of("Grant") if "model" in each.inputs]
    assert [each.retained for each in on_model] == [True]
    assert [each.inputs["grants"] for each in taking.of("Grants")] == [
        [{"principal": "askers", "privileges": ["EXECUTE"]}]
    ]
    assert taking.outputs["let_go"] == [f"single grants on {model}"]
    assert [each for each in taken.of("Grant") if "model" in each.inputs] == []
    assert taken.outputs["let_go"] == []


def test_what_the_stack_never_owned_is_only_used(churn: Churn) -> None:
    made = churn(USED, last={"owned": [f"registered model {MODEL}"]})

    assert kinds(made) == {"Grant", "Grants", "RegisteredModel", "ModelServing"}


def test_the_outputs_say_what_the_stack_owns(churn: Churn) -> None:
    made = churn("servedVersion: 2")

    assert made.outputs["owned"] == [
        "experiment /Shared/rollpin-dev-churn",
        f"registered model {MODEL}",
        "serving endpoint churn",
    ]
    assert made.outputs["let_go"] == []


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ({"endpoint_name": "scores", "endpoint_url": "https://w/x"}, True),
        ({"endpoint_name": "scores", "endpoint_url": None}, False),
        ({"endpoint_name": "scores", "endpoint_url": "https://w/x", "retired": "down"}, False),
    ],
)
def test_an_entry_that_left_without_being_retired_is_named_with_its_endpoint(
    churn: Churn, monkeypatch: pytest.MonkeyPatch, said: Mapping[str, Any], warned: bool
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", shown.append)

    churn("servedVersion: 2", last={"models": {"fraud": said, "churn": {**said, "retired": None}}})

    assert [each.startswith("fraud is in Pulumi.dev.yaml no more") for each in shown] == [True] * warned
    assert all("endpoint scores is deleted" in each and "`retired: true`" in each for each in shown)


def test_a_model_that_is_retired_no_more_gets_a_new_endpoint_and_a_warning(
    churn: Churn, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", shown.append)

    churn("servedVersion: 2", last={"models": {"churn": {"retired": "down"}}})
    churn("servedVersion: 2, retired: true", last={"models": {"churn": {"retired": "down"}}})

    assert shown == ["churn was retired: its endpoint is a new one, without what was set by hand on the old one"]


def test_what_says_who_may_use_a_thing_goes_with_it(churn: Churn) -> None:
    made = churn("servedVersion: 2, access: {query: [askers], execute: [askers], manage: [owners]}")

    assert {each.name: each.with_it for each in made.custom if each.with_it} == {
        "churn-model-grants": "churn-model",
        "churn-experiment-permissions": "churn-experiment",
        "churn-endpoint-permissions": "churn-endpoint",
    }


@pytest.mark.parametrize("adopted", ["adopt: true, ", "endpoint: {adopt: true}, "])
def test_an_endpoint_with_a_credential_in_a_variable_is_not_taken_over(churn: Churn, adopted: str) -> None:
    live = endpoint(entity(2, environment_vars={"DB_PASSWORD": "hunter2", "INDEX": "docs"}))

    with pytest.raises(pulumi.RunError) as refused:
        churn(f"{adopted}servedVersion: 2", live)

    said = str(refused.value)
    assert "endpoint churn with a text in a variable that is called like a credential" in said
    assert "in the variable DB_PASSWORD of version 2 (not shown)" in said
    assert "databricks secrets put-secret churn db-password" in said
    assert "hunter2" not in said
    assert "INDEX" not in said


def test_once_it_is_the_stacks_own_the_line_may_stay(churn: Churn) -> None:
    live = endpoint(entity(2, environment_vars={"DB_PASSWORD": "hunter2"}))

    made = churn("adopt: true, servedVersion: 2", live, last={"owned": ["serving endpoint churn"]})

    assert made.one("ModelServing").imported == "churn"
