"""What the stack's last run said of itself: asked of the engine, which saves the state at the same time."""

from __future__ import annotations

from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime import mocks

from infra.proof import last_run
from tests.stacks.churn import Churn
from tests.stacks.recorded import Stack, Workspace

SHARED = {"owned": ["registered model main.shared.churn"]}


class HalfWrittenError(grpc.RpcError):
    """What the engine answers where it reads a file of the state that it has half written."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return "invocation of pulumi:pulumi:readStackOutputs returned an error: failed to load checkpoint: EOF"


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> list[str]:
    """Let the engine fail that many times before it answers; the list is of what it was asked."""
    asked: list[str] = []
    answer = Workspace.call

    def call(workspace: Workspace, args: mocks.MockCallArgs) -> Any:
        asked.append(args.token)
        if len(asked) <= times:
            raise HalfWrittenError
        return answer(workspace, args)

    monkeypatch.setattr(Workspace, "call", call)
    monkeypatch.setattr(last_run, "PAUSE", 0)
    return asked


def test_a_state_that_is_being_written_is_read_again(churn: Churn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = failing(monkeypatch, 2)

    made = churn("createModel: false", last=SHARED)

    assert len(asked) == 3
    assert made.outputs["let_go"] == SHARED["owned"]


def test_a_state_that_cannot_be_read_ends_the_run_ahead_of_any_resource(
    churn: Churn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = failing(monkeypatch, 99), Stack()

    with pytest.raises(pulumi.RunError, match="failed to load checkpoint: EOF") as refused:
        churn("servedVersion: 1", into=made)

    assert len(asked) == last_run.ATTEMPTS
    assert "mend:    see that it answers: pulumi stack output" in str(refused.value)
    assert not made.resources
