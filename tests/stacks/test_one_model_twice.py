"""One registered model behind two endpoints, and models whose names no served entity could have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.stacks.recorded import Stack, version

Run = Callable[..., Stack]
HOST = "https://adb-1.1.azuredatabricks.net"
LONG = "a_chain_that_answers_questions_about_orders_from_documents_and_from_tables_with_sources"
MODEL = f"main.shared.{LONG}"
VERSIONS = {MODEL: [version(number) for number in range(1, 5)]}
TWICE = f"""\
config:
  rollpin:defaults: {{catalog: main, schema: shared}}
  rollpin:models:
    inside:
      model: {LONG}
      createModel: false
      servedVersion: 2
      access: {{execute: [jobs], query: [staff]}}
    outside:
      model: {LONG}
      servedVersion: 3
      access: {{manage: [engineers], query: [partners], view: [auditors]}}
"""


@pytest.fixture
def stack(run: Run, tmp_path: Path) -> Callable[..., Stack]:
    def stack(
        text: str = TWICE, there: Mapping[str, Any] | None = None, last: Mapping[str, Any] | None = None
    ) -> Stack:
        (tmp_path / "Pulumi.dev.yaml").write_text(text)
        return run("dev", VERSIONS, project=tmp_path, host=HOST, there=there, last=last)

    return stack


def test_both_endpoints_serve_the_one_model_by_entities_named_for_their_entries(stack: Callable[..., Stack]) -> None:
    made = stack()

    served = {each.inputs["name"]: each.inputs["config"]["servedEntities"] for each in made.of("ModelServing")}
    assert {name: (one["name"], one["entityName"], one["entityVersion"]) for name, (one,) in served.items()} == {
        "inside": ("inside-v2", MODEL, "2"),
        "outside": ("outside-v3", MODEL, "3"),
    }
    assert {name: (each["full_name"], each["pinned_version"]) for name, each in made.outputs["models"].items()} == {
        "inside": (MODEL, 2),
        "outside": (MODEL, 3),
    }
    assert list(made.outputs["models"]) == ["inside", "outside"]
    trained = {each["experiment_name"] for each in made.outputs["models"].values()}
    assert trained == {"/Shared/rollpin-dev-outside"}


def test_the_model_is_made_once_and_whoever_uses_it_waits_for_that(stack: Callable[..., Stack]) -> None:
    made = stack()

    model = made.one("RegisteredModel")
    assert (model.name, model.inputs["name"]) == ("outside-model", LONG)
    inside = next(each for each in made.of("ModelServing") if each.inputs["name"] == "inside")
    assert "outside-model" in inside.after
    assert [each.inputs["name"] for each in made.of("MlflowExperiment")] == ["/Shared/rollpin-dev-outside"]


def test_what_both_give_on_the_model_is_said_together(stack: Callable[..., Stack]) -> None:
    made = stack()

    (grants,) = [each for each in made.of("Grants") if "model" in each.inputs]
    assert grants.inputs == {
        "model": MODEL,
        "grants": [
            {"principal": "engineers", "privileges": ["APPLY_TAG", "EXECUTE", "MANAGE"]},
            {"principal": "jobs", "privileges": ["EXECUTE"]},
        ],
    }
    assert not [each for each in made.of("Grant") if "model" in each.inputs]


def test_a_model_that_another_entry_owns_is_not_taken_for_one_that_was_let_go_of(stack: Callable[..., Stack]) -> None:
    owned = stack().outputs["owned"]

    made = stack(last={"owned": owned})

    assert f"registered model {MODEL}, as outside" in owned
    assert [each.name for each in made.of("RegisteredModel")] == ["outside-model"]
    assert made.outputs["let_go"] == []


def test_an_entry_that_hands_the_model_to_another_lets_go_of_it_and_deletes_nothing(
    stack: Callable[..., Stack],
) -> None:
    last = {"owned": stack().outputs["owned"]}
    handed = TWICE.replace("createModel: false", "adopt: true").replace(
        "servedVersion: 3", "servedVersion: 3\n      createModel: false"
    )
    there = {f"/api/2.1/unity-catalog/models/{MODEL}": {"full_name": MODEL}}

    made = stack(handed, there, last)

    models = {each.name: each for each in made.of("RegisteredModel")}
    assert models["inside-model"].imported == MODEL
    assert models["outside-model"].retained
    assert not models["outside-model"].protect
    assert made.outputs["let_go"] == ["experiment /Shared/rollpin-dev-outside", f"registered model {MODEL}"]


def test_two_entries_that_create_one_model_are_refused(stack: Callable[..., Stack]) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        stack(TWICE.replace("      createModel: false\n", ""))

    message = str(refused.value)
    assert f"found:   `true`, of {MODEL}, which model inside creates" in message
    assert "allowed: one entry that creates a registered model, and others that use it" in message
    assert "add `createModel: false`" in message


def test_two_models_behind_one_endpoint_are_refused_with_the_reason(stack: Callable[..., Stack]) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        stack(TWICE.replace("servedVersion: 3", "servedVersion: 3\n      endpoint: {name: inside}"))

    assert "`inside`, which models inside and outside share" in str(refused.value)
    assert "what answers on an endpoint is versions of one model, so that a pin says which" in str(refused.value)


def test_whoever_may_view_sees_endpoint_and_experiment_and_may_do_nothing(stack: Callable[..., Stack]) -> None:
    made = stack()

    levels = {
        (each.name.removesuffix("-permissions"), entry["groupName"]): entry["permissionLevel"]
        for each in made.of("Permissions")
        for entry in each.inputs["accessControls"]
    }
    assert levels["outside-endpoint", "auditors"] == "CAN_VIEW"
    assert levels["outside-experiment", "auditors"] == "CAN_READ"
    assert ("inside-endpoint", "auditors") not in levels
    assert not [each for each in made.of("Grant") if each.inputs["principal"] == "auditors"]


def test_comment_and_owner_are_the_stacks_once_it_says_them_and_else_left_as_they_are(
    stack: Callable[..., Stack],
) -> None:
    unsaid = stack().one("RegisteredModel")
    said = stack(
        TWICE.replace("servedVersion: 3", "servedVersion: 3\n      comment: It answers.\n      owner: engineers")
    )

    assert unsaid.ignored == ("comment", "owner")
    assert not {"comment", "owner"} & unsaid.inputs.keys()
    model = said.one("RegisteredModel")
    assert (model.inputs["comment"], model.inputs["owner"], model.ignored) == ("It answers.", "engineers", ())


def test_the_next_run_takes_nothing_over_of_what_another_entry_only_uses(stack: Callable[..., Stack]) -> None:
    first = stack()
    again = stack(last=first.outputs)

    assert f"registered model {MODEL}, as inside" in first.outputs["used"]
    assert again.outputs["let_go"] == []
    assert not [each for each in again.of("Grant") if each.inputs.get("model") == MODEL]
