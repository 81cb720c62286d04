"""What is done about an error of the provider's: it is explained, waited out, or left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from infra.proof.rollout_errors import RolloutErrors
from infra.proof.workspace_api import UnansweredError
from model_ops.commands import Commands
from model_ops.served import Expected
from tests.unit.infra.proof.asked_workspace import MODEL, AskedWorkspace, endpoint, entity

FAILED = "cannot update model serving: failed to reach NOT_UPDATING, got UPDATE_FAILED: current status: UPDATE_FAILED"
BUSY = "cannot update model serving: Endpoint bot is being updated. Wait until the update has ended, then try again."
DEAD = entity(8, "DEPLOYMENT_FAILED", "it does not load")
OTHER, OURS = (endpoint(entity(each, "DEPLOYMENT_CREATING"), update="IN_PROGRESS") for each in (4, 8))
IDLE = endpoint(update="NOT_UPDATING")


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine is told to show, with how grave it is."""
    lines: list[str] = []
    for grave in ("info", "warn", "error"):
        monkeypatch.setattr(pulumi.log, grave, lambda text, grave=grave: lines.append(f"{grave}: {text}"))
    return lines


def errors(*answers: Mapping[str, Any] | Exception | None, **logs: str) -> RolloutErrors:
    time = FakeTime()
    return RolloutErrors(
        commands=Commands(stack="prod"),
        model="chatbot",
        expected=Expected(endpoint="bot", model=MODEL, version=8),
        api=AskedWorkspace(*answers, **logs),
        timeout_minutes=9,
        clock=time.clock,
        sleep=time.sleep,
    )


def happen(hooked: RolloutErrors, *newest_first: str, operation: str = "update", **inputs: Any) -> bool:
    """Do what the engine does after an error."""
    args = pulumi.ErrorHookArgs(
        urn="u", id="bot", name="bot", type="t", failed_operation=operation, errors=list(newest_first), **inputs
    )
    return asyncio.run(hooked.in_up(args))


@pytest.mark.parametrize("word", ["UPDATE_FAILED", "UPDATE_CANCELED"])
def test_a_failed_rollout_is_explained_once_and_not_tried_again(said: list[str], word: str) -> None:
    assert happen(errors(endpoint(DEAD), logs="OSError: index"), FAILED.replace("UPDATE_FAILED", word)) is False

    (message,) = said
    assert message.startswith("error: The rollout of version 8 of prod.bots.chatbot failed")
    assert "bot-v8 is DEPLOYMENT_FAILED: it does not load" in message
    assert "| OSError: index" in message


def test_where_no_model_server_wrote_anything_the_build_s_log_is_shown(said: list[str]) -> None:
    happen(errors(endpoint(DEAD), logs="\n", build_logs="ERROR: no matching distribution"), FAILED)

    assert "| ERROR: no matching distribution" in said[0]


def test_a_value_of_the_stack_s_variables_is_cut_out_too(said: list[str]) -> None:
    inputs = {"config": {"servedEntities": [{"environmentVars": {"KEY": "hunter2!"}}]}}

    happen(errors(endpoint(DEAD), logs="with hunter2!"), FAILED, new_inputs=inputs)

    assert "| with (not shown)" in said[0]


def test_a_create_that_failed_is_explained_although_the_endpoint_is_gone(said: list[str]) -> None:
    assert happen(errors(None), FAILED.replace("update model", "create model"), operation="create") is False

    assert "endpoint bot is deleted again" in said[0]


LEFT_ALONE = {
    "another error": "cannot update model serving: workload_size is not allowed",
    "an earlier failure that the endpoint still shows": "cannot update model serving: 403 not allowed",
    "none": "",
}


@pytest.mark.parametrize("error", LEFT_ALONE.values(), ids=LEFT_ALONE)
@pytest.mark.parametrize("live", [IDLE, endpoint(DEAD), None, UnansweredError("refused")])
def test_every_other_error_is_left_alone(said: list[str], error: str, live: Any) -> None:
    assert happen(errors(live), error) is False
    assert said == []


@pytest.mark.parametrize(("operation", "error"), [("delete", BUSY), ("create", BUSY), ("delete", FAILED)])
def test_an_error_of_another_operation_is_left_alone(said: list[str], operation: str, error: str) -> None:
    hooked = errors(OTHER)

    assert happen(hooked, error, operation=operation) is False
    assert (said, hooked.api.asked) == ([], 0)


def test_our_own_update_that_takes_too_long_is_left_alone(said: list[str]) -> None:
    assert happen(errors(OURS), "cannot update model serving: timed out: current status: IN_PROGRESS") is False
    assert said == []


REFUSALS = [BUSY, "409 RESOURCE_CONFLICT", "Endpoint bot is currently updating", "An update is already in progress"]


@pytest.mark.parametrize("error", REFUSALS)
def test_an_update_that_another_one_keeps_out_is_tried_again_after_that(said: list[str], error: str) -> None:
    hooked = errors(OTHER, OTHER, IDLE)

    assert happen(hooked, error) is True
    assert said == [
        "info: another update of endpoint bot is in progress: this one is tried again when it ends, within 9 min"
    ]
    assert hooked.api.asked == 3


def test_where_the_words_do_not_tell_the_endpoint_does(said: list[str]) -> None:
    assert happen(errors(OTHER, IDLE), "cannot update model serving: not now") is True
    assert len(said) == 1


def test_that_it_waits_is_said_once(said: list[str]) -> None:
    hooked = errors(IDLE)

    assert [happen(hooked, *[BUSY] * tries) for tries in (1, 2, 3)] == [True, True, True]
    assert len(said) == 1


def test_it_waits_no_longer_than_the_stack_says(said: list[str]) -> None:
    hooked = errors(OTHER)

    assert happen(hooked, BUSY) is False
    assert hooked.clock() == 9 * 60
    assert said[-1].startswith("error: Endpoint bot is being updated by somebody else, and no longer waited for.")
    assert said[-1].endswith("type next: once that has ended: make up STACK=prod")


def test_it_tries_five_times_again_and_no_more(said: list[str]) -> None:
    hooked = errors(IDLE)

    assert [happen(hooked, *[BUSY] * tries) for tries in range(1, 7)] == [True] * 5 + [False]
    assert "no longer waited for" in said[-1]


def test_a_workspace_that_does_not_answer_leaves_the_provider_s_error_standing(said: list[str]) -> None:
    assert happen(errors(UnansweredError("dial tcp: refused")), FAILED) is False

    (message,) = said
    assert message.startswith("warn: Nobody knows what endpoint bot serves")
    assert "dial tcp: refused" in message
    assert "make verify STACK=prod" in message


def test_whatever_goes_wrong_here_leaves_the_provider_s_error_standing(said: list[str]) -> None:
    assert happen(errors({"state": "not as Databricks says it", "pending_config": "neither"}), FAILED) is False
    assert said == []


def test_in_a_preview_nothing_is_asked(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    hooked = errors(endpoint(DEAD))

    assert happen(hooked, FAILED) is False
    assert (said, hooked.api.asked) == ([], 0)
