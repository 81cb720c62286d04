"""While a sandbox is to stand for a stack's workspace, plain `pulumi` does not reach the workspace itself."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
import pytest

from tests.stacks.recorded import Stack, version

MODEL = "test.chatbot.dbdemos_advanced_chatbot_model"
Run = Callable[..., Stack]


def test_plain_pulumi_is_refused_while_a_sandbox_is_to_stand_for_the_workspace(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLPIN_SANDBOX", ".sandbox/rehearsal")
    made = Stack()

    with pytest.raises(pulumi.RunError, match=r"make up STACK=test, which rehearses(.|\n)*unset ROLLPIN_SANDBOX"):
        run("test", {MODEL: [version(7)]}, into=made)

    assert not made.resources
