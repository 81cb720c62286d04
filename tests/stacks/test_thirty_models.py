"""A team with thirty models, which says once what they have in common."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from infra.settings.load import load
from tests.stacks.recorded import Registered, Stack, version
from tests.stacks.test_shared_schema import FIXTURES

Run = Callable[..., Stack]
FILE = FIXTURES / "Pulumi.thirty.yaml"
MODELS = load(FILE, "thirty").models
MOST_BYTES = 4096
MOST_SECONDS = 5.0


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    versions = {f"prod.serving.{name}": [version(number) for number in range(1, 8)] for name in MODELS}
    return run_once("thirty", versions, project=FIXTURES, host="https://adb-1.1.azuredatabricks.net")


def endpoint(made: Stack, name: str) -> Registered:
    return next(each for each in made.of("ModelServing") if each.inputs["name"] == name)


def test_a_model_takes_three_lines() -> None:
    lines = FILE.read_text().splitlines()
    first = lines.index("  rollpin:models:") + 1

    assert len(MODELS) == 30
    assert len(lines) - first == 3 * len(MODELS)
    assert FILE.stat().st_size < MOST_BYTES


def test_thirty_models_are_read_in_a_moment() -> None:
    began = time.process_time()
    load(FILE, "thirty")

    assert time.process_time() - began < MOST_SECONDS


def test_each_model_is_served_where_the_defaults_say(made: Stack) -> None:
    served = {each.inputs["name"]: each.inputs["config"]["servedEntities"] for each in made.of("ModelServing")}

    assert {name: entity["entityName"] for name, (entity,) in served.items()} == {
        name: f"prod.serving.{name}" for name in MODELS
    }
    assert {name: entity["entityVersion"] for name, (entity,) in served.items()} == {
        name: str(model.served_version) for name, model in MODELS.items()
    }


def test_what_they_share_is_made_once_and_the_rest_for_each(made: Stack) -> None:
    counted = {kind: len(made.of(kind)) for kind in ("Catalog", "Schema", "RegisteredModel", "MlflowExperiment")}

    assert counted == {"Catalog": 0, "Schema": 1, "RegisteredModel": 30, "MlflowExperiment": 30}
    assert len(made.of("ModelServing")) == 30


def test_a_models_own_word_goes_before_the_defaults(made: Stack) -> None:
    (usual,) = endpoint(made, "churn").inputs["config"]["servedEntities"]
    (own,) = endpoint(made, "card_fraud").inputs["config"]["servedEntities"]

    assert (usual["scaleToZeroEnabled"], usual["workloadSize"]) == (True, "Small")
    assert (own["scaleToZeroEnabled"], own["workloadSize"]) == (False, "Large")
    tags = {tag["key"]: tag["value"] for tag in endpoint(made, "card_fraud").inputs["tags"]}
    assert (tags["cost"], tags["department"]) == ("risk", "data-science")
    assert endpoint(made, "card_fraud").inputs["aiGateway"]["inferenceTableConfig"]["enabled"] is True


def test_who_may_what_is_of_the_defaults_and_of_the_model(made: Stack) -> None:
    levels = {
        entry["groupName"]: entry["permissionLevel"]
        for each in made.of("Permissions")
        if each.name == "churn-endpoint-permissions"
        for entry in each.inputs["accessControls"]
    }

    assert levels == {"auditors": "CAN_VIEW", "crm": "CAN_QUERY", "ml-engineers": "CAN_MANAGE"}
