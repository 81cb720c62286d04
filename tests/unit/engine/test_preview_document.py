"""The document of a preview: what the engine's events say, as the CLI prints it; a refused preview has one too."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import EngineEvent

from engine import cloud_stack
from engine.preview_document import PreviewEvents, write
from model_ops.review.infrastructure import infrastructure
from tests.unit.engine.fake_cli import cli, refusal

URN = "urn:pulumi:local::rollpin::databricks:index/modelServing:ModelServing::chatbot"


def event(**parts: Any) -> EngineEvent:
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, **parts})


def update(old: dict[str, Any], new: dict[str, Any], path: str) -> EngineEvent:
    states = {name: {"type": "t", "urn": URN, "inputs": value} for name, value in (("old", old), ("new", new))}
    differs = {path: {"diffKind": "update", "inputDiff": True}}
    step = {"op": "update", "urn": URN, "type": "t", "provider": "p", **states, "detailedDiff": differs}
    return event(resourcePreEvent={"metadata": step})


def error(message: str) -> EngineEvent:
    return event(diagnosticEvent={"message": message, "color": "never", "severity": "error"})


BEGUN = {"resourcePreEvent": {"metadata": {"op": "same", "urn": URN, "type": "t", "provider": "p"}}}


def violation(level: str) -> dict[str, Any]:
    names = {"policyName": "no-public-ip", "policyPackName": "p", "policyPackVersion": "1", "policyPackVersionTag": "1"}
    return {"policyEvent": {**names, "message": "it has one", "color": "raw", "enforcementLevel": level}}


def test_a_step_is_told_with_both_sides_and_the_kind_of_each_difference() -> None:
    events = PreviewEvents()
    events(update({"name": "a"}, {"name": "b"}, "name"))
    (step,) = events.document(None)["steps"]
    assert (step["op"], step["oldState"]["inputs"], step["newState"]["inputs"]) == (
        "update",
        {"name": "a"},
        {"name": "b"},
    )
    assert step["detailedDiff"] == {"name": {"kind": "update", "inputDiff": True}}


def test_what_is_written_is_read_back_and_holds_no_value_of_a_variable(tmp_path: Path) -> None:
    events, file = PreviewEvents(), tmp_path / "build" / "preview.json"
    events(update({"config": {"environmentVars": {"TOKEN": "one-secret"}}}, {"config": {}}, "config"))
    write(file, events.document(None))
    assert "one-secret" not in file.read_text()
    assert "TOKEN" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert infrastructure(json.loads(file.read_text())).changes[0].operation == "update"


@pytest.mark.parametrize("told", [True, False])
def test_a_refused_preview_has_its_error_once_whoever_told_it(told: bool) -> None:
    events = PreviewEvents()
    if told:
        events(error("version 99 does not exist"))
    assert infrastructure(events.document("version 99 does not exist")).errors == ("version 99 does not exist",)


@pytest.mark.parametrize(
    ("said", "code", "errors"),
    [
        ([BEGUN], 0, ()),
        ([BEGUN, refusal("version 99 does not exist")], 1, ("version 99 does not exist",)),
        ([BEGUN, violation("advisory"), violation("mandatory")], 255, ("it violates no-public-ip,",)),
        ([BEGUN, violation("advisory")], 255, ("the engine refused it, and told no reason.",)),
        ([], 255, ("the engine ended before it knew anything",)),
    ],
)
def test_of_a_stack_in_the_cloud_the_document_tells_why_the_cli_refused_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[Any], code: int, errors: tuple[str, ...]
) -> None:
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(pulumi.parent), os.environ["PATH"]]))
    cli(pulumi, said, code)
    assert cloud_stack.preview("prod", tmp_path, tmp_path / "preview.json") == code
    found = infrastructure(json.loads((tmp_path / "preview.json").read_text()))
    assert [text.startswith(words) for text, words in zip(found.errors, errors, strict=True)] == [True] * len(errors)
    assert len(found.policies) == sum("policyEvent" in each for each in said)
