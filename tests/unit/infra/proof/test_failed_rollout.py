"""What is said of a rollout that failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from infra.proof.failed_rollout import FailedRollout
from infra.proof.hidden_values import HiddenValues
from model_ops.commands import Commands
from model_ops.served import Canary, Expected
from tests.unit.infra.proof.asked_workspace import MODEL, endpoint, entity

TRACEBACK = """\
loading
Traceback (most recent call last):
  File "model.py", line 12, in load_context
    open(path)
    ^^^^^^^^^^
FileNotFoundError: index
FileNotFoundError: index
"""
DEAD = entity(8, "DEPLOYMENT_FAILED", "Model server failed to load the model")


def told(body: Mapping[str, Any] | None, log: str = "", **expected: Any) -> list[str]:
    pinned = Expected(endpoint="bot", model=MODEL, **{"version": 8, **expected})
    failure = FailedRollout(
        commands=Commands(stack="prod"), model="chatbot", expected=pinned, hidden=HiddenValues.of(body)
    )
    return failure.told(body, lambda _: log).splitlines()


def test_it_says_what_failed_why_what_serves_and_what_to_type() -> None:
    assert told(endpoint(DEAD), TRACEBACK) == [
        "The rollout of version 8 of prod.bots.chatbot failed and changed nothing: endpoint bot serves version 6",
        "  - bot-v8 is DEPLOYMENT_FAILED: Model server failed to load the model",
        "    its log ends:",
        "    | loading",
        "    | Traceback (most recent call last):",
        '    |   File "model.py", line 12, in load_context',
        "    |     open(path)",
        "    | FileNotFoundError: index",
        "  type next: to load it here: model-ops check --pin 8 --stack prod; to stay on version 6, write 6 at "
        "rollpin:models.chatbot.servedVersion in Pulumi.prod.yaml, then: make up STACK=prod",
    ]


def test_of_a_long_log_the_end_is_shown_and_of_a_long_line_the_beginning() -> None:
    log = "\n".join(f"line {number}" for number in range(100)) + "\n" + "x" * 2000

    shown = [line for line in told(endpoint(DEAD), log) if line.startswith("    | ")]

    assert len(shown) == 10
    assert shown[0] == "    | line 91"
    assert shown[-1] == "    | " + "x" * 500 + "…"


def test_what_a_terminal_would_obey_is_written_out() -> None:
    text = "\n".join(told(endpoint(entity(8, "DEPLOYMENT_FAILED", "a\x1b[2Jb\nc")), "\x1b]0;hi\x07"))

    assert r"a\x1b[2Jb\nc" in text
    assert "\x1b" not in text


def test_an_entity_that_was_only_stopped_with_the_failed_one_is_not_blamed() -> None:
    stopped = entity(6, "DEPLOYMENT_ABORTED", "Stopped")

    assert [line for line in told(endpoint(DEAD, stopped)) if " is DEPLOYMENT_" in line] == [
        "  - bot-v8 is DEPLOYMENT_FAILED: Model server failed to load the model"
    ]


def test_an_entity_without_a_log_says_so() -> None:
    assert "    it left no log" in told(endpoint(DEAD))


def test_where_nobody_says_why_that_is_said() -> None:
    lines = told(endpoint())

    assert "  - no served entity says why" in lines
    assert "model-ops check --pin 8" in lines[-1]


def test_of_an_endpoint_that_is_not_ready_nothing_serves() -> None:
    broken = endpoint(DEAD)
    broken["config"]["served_entities"] = [entity(6, "DEPLOYMENT_RECOVERING")]

    lines = told(broken)

    assert lines[0].endswith("endpoint bot serves nothing")
    assert "to stay on" not in lines[-1]


def test_a_first_rollout_leaves_nothing_to_ask() -> None:
    head, following = told(None)

    assert "endpoint bot is deleted again" in head
    assert "model-ops check --pin 8 --stack prod" in following
    assert "to stay on" not in following


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("canary", {"version": 6, "canary": Canary(version=8, percent=10)}),
        ("warmVersions", {"version": 6, "warm": (8,)}),
    ],
)
def test_a_version_beside_the_pin_can_be_taken_out(key: str, expected: dict[str, Any]) -> None:
    lines = told(endpoint(DEAD, entity(6)), **expected)

    assert lines[0].startswith("The rollout of version 8 of")
    assert f"take it out of rollpin:models.chatbot.{key} in Pulumi.prod.yaml" in lines[-1]


def test_a_value_of_a_variable_is_cut_from_message_and_log() -> None:
    dead = entity(8, "DEPLOYMENT_FAILED", "no access with hunter2!", environment_vars={"PASSWORD": "hunter2!"})

    text = "\n".join(told(endpoint(dead), "password=hunter2!"))

    assert "no access with (not shown)" in text
    assert "| password=(not shown)" in text
    assert "hunter2!" not in text


def test_a_log_that_may_hold_a_secret_nobody_here_knows_is_not_shown() -> None:
    dead = entity(8, "DEPLOYMENT_FAILED", "no access", environment_vars={"PASSWORD": "{{secrets/bots/password}}"})

    text = "\n".join(told(endpoint(dead), "password=hunter2!"))

    assert "hunter2!" not in text
    assert "databricks serving-endpoints logs bot bot-v8" in text
    assert "no access" in text
