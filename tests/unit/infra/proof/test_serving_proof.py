"""The proof inside the `up`: what it waits for, and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
import pytest

from infra.proof.serving_proof import NotServedError, Proof
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from model_ops.commands import Commands
from model_ops.served import Expected, prove

MODEL = "prod.bots.chatbot"


def endpoint(version: int, *, ready: str = "READY", update: str = "NOT_UPDATING") -> dict[str, Any]:
    name = f"chatbot-v{version}"
    entity = {"name": name, "entity_name": MODEL, "entity_version": str(version)}
    return {
        "state": {"ready": ready, "config_update": update},
        "config": {
            "served_entities": [{**entity, "state": {"deployment": "DEPLOYMENT_READY"}}],
            "traffic_config": {"routes": [{"served_model_name": name, "traffic_percentage": 100}]},
        },
    }


class FakeApi(WorkspaceApi):
    """A workspace that says what the test gives it, the last thing again and again."""

    def __init__(self, *answers: Mapping[str, Any] | Exception | None) -> None:
        super().__init__("https://adb-1.1.azuredatabricks.net", None)
        self.answers, self.asked = list(answers), []

    def get(self, path: str) -> Mapping[str, Any] | None:
        self.asked.append(path)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def proof(*answers: Mapping[str, Any] | Exception | None) -> Proof:
    expected = Expected(endpoint="bot", model=MODEL, version=7)
    return Proof(
        commands=Commands(stack="test"), model="chatbot", expected=expected, api=FakeApi(*answers), timeout_minutes=9
    )


def run(proof: Proof) -> None:
    """Do what the engine does after a create or an update."""
    asyncio.run(proof.in_up(pulumi.ResourceHookArgs(urn="u", id="bot", name="bot", type="t")))


def refused(proof: Proof, **time: Any) -> str:
    with pytest.raises(NotServedError) as error:
        proof.confirm(partial(prove, **time)) if time else run(proof)
    return str(error.value)


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_pin_that_serves_lets_the_up_pass() -> None:
    served = proof(endpoint(7))

    run(served)

    assert served.api.asked == ["/api/2.0/serving-endpoints/bot"]


def test_an_update_that_was_never_sent_fails_the_up_and_says_what_serves() -> None:
    message = refused(proof(endpoint(6)))

    assert message.startswith("Version 7 of prod.bots.chatbot is pinned, but endpoint bot serves version 6:")
    assert "\n  - version 7 is not in the active config" in message
    assert "to stay on version 6, write 6 at rollpin:models.chatbot.servedVersion in Pulumi.test.yaml" in message
    assert "to try again: make up STACK=test" in message


def test_an_endpoint_that_is_gone_fails_the_up() -> None:
    message = refused(proof(None))

    assert "endpoint bot serves nothing:\n  - endpoint bot does not exist" in message
    assert (
        "write a version that was proven to serve at rollpin:models.chatbot.servedVersion in Pulumi.test.yaml"
        in message
    )
    assert "(which were: model-ops history --stack test)" in message


def test_the_proof_waits_for_an_update_that_goes_on() -> None:
    time = FakeTime()
    served = proof(endpoint(6, update="IN_PROGRESS"), endpoint(6, update="IN_PROGRESS"), endpoint(7))

    served.confirm(partial(prove, clock=time.clock, sleep=time.sleep))

    assert len(served.api.asked) == 3


def test_the_proof_waits_as_long_as_the_config_says_and_no_longer() -> None:
    time = FakeTime()

    message = refused(proof(endpoint(6, update="IN_PROGRESS")), clock=time.clock, sleep=time.sleep)

    assert time.now == 9 * 60
    assert "its config update is IN_PROGRESS, not NOT_UPDATING" in message
    assert "still going on after 9 minutes; see how it ended: make verify STACK=test" in message


def test_a_workspace_that_does_not_answer_fails_the_up_without_guessing() -> None:
    message = refused(proof(UnansweredError("dial tcp: refused")))

    assert "Nobody knows what endpoint bot serves" in message
    assert "dial tcp: refused" in message
    assert "make verify STACK=test" in message
