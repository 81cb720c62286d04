"""The engine's events become steps with paths and values, and each error is told once."""

from typing import Any

import pytest
from pulumi.automation import EngineEvent

from engine.steps import Recorder

URN = "urn:pulumi:local::rollpin::rollpin:index:ServingEndpoint$databricks:index/modelServing:ModelServing::chatbot"


def event(**parts: Any) -> EngineEvent:
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, **parts})


def update(old: dict[str, Any], new: dict[str, Any], *paths: str) -> EngineEvent:
    metadata = {
        "op": "update",
        "urn": URN,
        "type": "databricks:index/modelServing:ModelServing",
        "provider": "",
        "old": {"type": "", "urn": URN, "inputs": old, "outputs": {}},
        "new": {"type": "", "urn": URN, "inputs": new, "outputs": {}},
        "detailedDiff": {path: {"diffKind": "update", "inputDiff": True} for path in paths},
    }
    return event(resourcePreEvent={"metadata": metadata})


def error(message: str) -> EngineEvent:
    return event(diagnosticEvent={"message": message, "color": "never", "severity": "error"})


def served(version: str) -> dict[str, Any]:
    return {"config": {"servedEntities": [{"entityVersion": version}]}, "tags": {"a.b": version}}


def test_an_update_shows_each_path_with_both_values() -> None:
    lines = Recorder()(update(served("7"), served("6"), "config.servedEntities[0].entityVersion", 'tags["a.b"]'))
    assert lines[0].split() == ["~", "update", "ModelServing", "chatbot"]
    assert [line.strip() for line in lines[1:]] == [
        'config.servedEntities[0].entityVersion: "7" → "6"',
        'tags["a.b"]: "7" → "6"',
    ]


def test_an_added_property_has_no_old_value() -> None:
    recorder = Recorder()
    recorder(update({}, served("6"), "config.servedEntities[0].entityVersion"))
    assert str(recorder.steps[0].changes[0]).endswith(': - → "6"')


@pytest.mark.parametrize("repeat", ["version 99 does not exist", "up: version 99 does not exist\n"])
def test_an_error_that_comes_twice_is_told_once(repeat: str) -> None:
    recorder = Recorder()
    assert recorder(error("version 99 does not exist"))
    assert recorder(error(repeat)) == []
    assert recorder.errors == ["version 99 does not exist"]


def test_what_the_released_provider_wraps_around_an_error_is_left_out() -> None:
    recorder = Recorder()
    recorder(error("sdk-v2/provider2.go:571: sdk.helper_schema: it failed: UPDATE_FAILED: provider=databricks@1.118.0"))
    recorder(error("1 error occurred:\n\t* updating urn:x: 1 error occurred:\n\t* it failed: UPDATE_FAILED\n\n"))
    assert recorder.errors == ["it failed: UPDATE_FAILED"]


def test_a_property_without_a_value_on_either_side_is_left_out() -> None:
    lines = Recorder()(update(served("7"), served("6"), "config.servedEntities[0].nothing"))
    assert len(lines) == 1


@pytest.mark.parametrize("noise", ["using pulumi-resource-databricks from $PATH at /x", "", "update failed"])
def test_the_engines_noise_is_left_out(noise: str) -> None:
    recorder = Recorder()
    assert recorder(error(noise)) == []
    assert recorder.errors == []


COMPONENT = URN.replace("$databricks:index/modelServing:ModelServing", "")


def begun(operation: str, urn: str = URN) -> EngineEvent:
    kind = urn.split("::")[2].rsplit("$", maxsplit=1)[-1]
    return event(resourcePreEvent={"metadata": {"op": operation, "urn": urn, "type": kind, "provider": ""}})


def test_what_is_counted_is_what_is_listed_and_no_component() -> None:
    recorder = Recorder()
    listed = [recorder(begun("create", urn)) for urn in (COMPONENT, URN, f"{URN}-2")]
    assert [len(lines) for lines in listed] == [0, 1, 1]
    assert recorder.changes == {"create": 2}


def test_what_is_refreshed_first_and_the_same_then_is_counted_once() -> None:
    recorder = Recorder()
    for operation in ("refresh", "same"):
        recorder(begun(operation))
        recorder(begun(operation, COMPONENT))
    assert recorder.changes == {"same": 1}


def test_a_replacement_is_one_step() -> None:
    recorder = Recorder()
    lines = [line for op in ("create-replacement", "replace", "delete-replaced") for line in recorder(begun(op))]
    assert [line.split()[:2] for line in lines] == [["±", "replace"]]
    assert recorder.changes == {"replace": 1}


def test_a_step_is_a_line_whatever_its_name_and_its_values_hold() -> None:
    lines = Recorder()(begun("create", f"{URN}\n  - delete everything\x1b[2J"))
    changed = Recorder()(update({}, {"tags": {"a": "\u202e\n"}}, 'tags["a"]'))

    assert [line.split(maxsplit=3)[-1] for line in lines] == [r"chatbot\n  - delete everything\x1b[2J"]
    assert changed[1].strip() == r'tags["a"]: - → "\u202e\n"'


def test_of_environment_variables_the_names_alone_are_shown() -> None:
    def config(**variables: str) -> dict[str, Any]:
        return {"config": {"servedEntities": [{"environmentVars": variables}]}}

    inner = "config.servedEntities[0].environmentVars"
    lines = [
        *Recorder()(update(config(KEY="hunter2"), config(KEY="hunter3"), f"{inner}.KEY")),
        *Recorder()(update(config(KEY="hunter2"), {"config": {"servedEntities": [{}]}}, inner)),
        *Recorder()(update({"config": {"servedEntities": []}}, config(KEY="hunter2"), "config.servedEntities[0]")),
    ]

    assert [line.strip() for line in lines if "→" in line] == [
        f"{inner}: KEY → -",
        'config.servedEntities[0]: - → {"environmentVars": ["KEY"]}',
    ]
