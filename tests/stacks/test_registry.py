"""How the versions of a model are looked up before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from infra.guard import NoSuchModelError, RegistryError
from infra.registry import SHORTEST_PAGE, Registry
from infra.workspace_api import UnansweredError
from tests.stacks.recorded import Monitor, Stack, Versions, Workspace, version

MODEL = "test.chatbot.bot"


class SilentWorkspace(Workspace):
    """Refuses every look-up in the words that the test gave."""

    def __init__(self, words: str) -> None:
        super().__init__({}, Stack())
        self.words = words

    def call(self, _: Any) -> Any:
        return {}, [("", self.words)]


def ask(
    workspace: Workspace, wanted: tuple[int, ...], get: Callable[[str], Any] = lambda _: pytest.fail("asked")
) -> Any:
    """Look up versions as the program does, before it registers anything."""
    pulumi.runtime.set_mocks(workspace, project="rollpin", stack="test", monitor=Monitor(workspace))
    return Registry(None, get).versions(MODEL, wanted)


def listing(numbers: range) -> Versions:
    return {MODEL: [version(number) for number in numbers]}


def test_a_short_list_is_all_there_is() -> None:
    found = ask(Workspace(listing(range(1, 4)), Stack()), (2, 9))

    assert [(each.version, each.status, each.run_id) for each in found] == [
        (1, "READY", "run-1"),
        (2, "READY", "run-2"),
        (3, "READY", "run-3"),
    ]


def test_a_version_that_is_not_on_a_full_page_is_asked_for_by_its_number() -> None:
    asked: list[str] = []

    def get(path: str) -> Mapping[str, Any] | None:
        asked.append(path)
        return {"status": "READY", "run_id": ""} if path.endswith("/700") else None

    found = ask(Workspace(listing(range(1, SHORTEST_PAGE + 1)), Stack()), (2, 700, 701), get)

    assert asked == [f"/api/2.1/unity-catalog/models/{MODEL}/versions/{number}" for number in (700, 701)]
    assert [(each.version, each.run_id) for each in found[SHORTEST_PAGE:]] == [(700, None)]


def test_a_workspace_that_falls_silent_meanwhile_is_no_answer() -> None:
    def get(_: str) -> None:
        raise UnansweredError("connection reset")

    with pytest.raises(RegistryError, match="connection reset"):
        ask(Workspace(listing(range(1, SHORTEST_PAGE + 1)), Stack()), (700,), get)


@pytest.mark.parametrize(
    "words",
    [
        "failed to list model versions for registered model a.b.c: Registered model 'a.b.c' does not exist.",
        "RESOURCE_DOES_NOT_EXIST: no such thing",
        "NOT_FOUND",
    ],
)
def test_an_unknown_model_has_no_version_yet(words: str) -> None:
    with pytest.raises(NoSuchModelError):
        ask(SilentWorkspace(words), (1,))


@pytest.mark.parametrize(
    "words", ["dial tcp: lookup adb-1.1: no such host", "Invalid access token", "no such\n  plugin"]
)
def test_any_other_failure_is_no_answer_and_is_told_in_one_line(words: str) -> None:
    with pytest.raises(RegistryError) as refused:
        ask(SilentWorkspace(words), (1,))

    assert " ".join(words.split()) in str(refused.value)
    assert "invoke of" not in str(refused.value)
