"""Inputs that cannot be are refused with what was found and what is expected."""

from typing import Any

import pytest

from engine.stand_in.values import UNKNOWN


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({}, "catalogName: is required: set it to a string"),
        ({"catalogName": ["main"]}, "catalogName: must be a string, found ['main']"),
        ({"catalogName": "main", "forceDestroy": "maybe"}, "forceDestroy: must be true or false, found 'maybe'"),
        ({"catalogName": "main", "properties": {"a": []}}, "properties: must be a map of strings"),
        ({"catalogName": "main", "enablePredictiveOptimization": "ON"}, "must be one of DISABLE, ENABLE, INHERIT"),
        (
            {"catalogName": "main", "coment": "x"},
            "coment: the stand-in provider has no such input here; it has",
        ),
        ({"catalogName": "main", "schemaId": "x"}, "schemaId: the stand-in provider has no such input here"),
    ],
)
def test_an_input_that_cannot_be_is_refused(engine: Any, inputs: dict[str, Any], said: str) -> None:
    _, refused = engine("Schema").check(name="chatbot", **inputs)
    assert len(refused) == 1
    assert said in refused[0]


def test_the_path_of_a_nested_mistake_is_named(engine: Any) -> None:
    config = {"trafficConfig": {"routes": [{"servedModelName": "v7", "trafficPercentage": "many"}]}}
    _, refused = engine("ModelServing").check(name="chatbot", config=config)
    assert refused == ["config.trafficConfig.routes[0].trafficPercentage: must be a whole number, found 'many'"]


def test_defaults_are_filled_in(engine: Any) -> None:
    used, refused = engine("Schema").check(name="chatbot", catalogName="main")
    assert (used["forceDestroy"], refused) == (False, [])


def test_values_that_are_still_unknown_are_accepted(engine: Any) -> None:
    used, refused = engine("Grants").check(model=UNKNOWN, grants=[{"principal": UNKNOWN, "privileges": UNKNOWN}])
    assert refused == []
    assert used["model"] == UNKNOWN


@pytest.mark.parametrize(("given", "used"), [("true", True), ("false", False), (True, True)])
def test_text_stands_for_a_truth_value(engine: Any, given: Any, used: bool) -> None:
    assert engine("Schema").check(name="c", catalogName="main", forceDestroy=given)[0]["forceDestroy"] is used
