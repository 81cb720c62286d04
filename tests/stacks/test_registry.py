"""How the versions of a model are looked up before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from infra.proof.pin_guard import NoSuchModelError, NoSuchSchemaError, RegistryError
from infra.proof.registered_versions import Registry
from infra.proof.workspace_api import AbsentError, UnansweredError
from sandbox.workspace.api import securable_names
from tests.stacks.recorded import version

MODEL = "test.chatbot.bot"
PATH = f"/api/2.1/unity-catalog/models/{MODEL}/versions"


class FakeApi:
    """Answers each path as the test says: with a body, or by raising an error."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers, self.asked = answers, []

    def __call__(self, path: str) -> Any:
        self.asked.append(path)
        answer = self.answers.get(path, AbsentError("Model Version does not exist."))
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(answers: Mapping[str, Any] | Exception, *wanted: int) -> Any:
    """Look up versions with these answers; an error answers the listing."""
    listing = {PATH: answers} if isinstance(answers, Exception) else answers
    return Registry(FakeApi(listing)).versions(MODEL, wanted)


def test_versions_are_listed_with_state_and_run() -> None:
    found = ask({PATH: {"model_versions": [version(1), {"version": 2, "run_id": ""}]}}, 2)

    assert [(each.version, each.status, each.run_id) for each in found] == [
        (1, "READY", "run-1"),
        (2, "in no state", None),
    ]


@pytest.mark.parametrize("page", [0, 1, 3, 100])
def test_a_version_that_is_not_on_the_page_is_asked_for_by_its_number_however_long_the_page(page: int) -> None:
    api = FakeApi({PATH: {"model_versions": [version(n) for n in range(1, page + 1)]}, f"{PATH}/700": version(700)})

    found = Registry(api).versions(MODEL, (701, 700))

    assert api.asked == [PATH, f"{PATH}/700", f"{PATH}/701"]
    assert [each.version for each in found] == [*range(1, page + 1), 700]


def test_a_listing_without_versions_is_none() -> None:
    assert ask({PATH: {}}) == []


def test_a_workspace_that_falls_silent_meanwhile_is_no_answer() -> None:
    with pytest.raises(RegistryError, match="connection reset"):
        ask({PATH: {}, f"{PATH}/700": UnansweredError("connection reset")}, 700)


def test_a_name_is_quoted_in_the_address() -> None:
    api = FakeApi({"/api/2.1/unity-catalog/models/a%3Fb.c.d/versions": {}})

    assert Registry(api).versions("a?b.c.d", ()) == []


def test_an_unknown_model_has_no_version_yet() -> None:
    words = securable_names.no_model(MODEL).message

    with pytest.raises(NoSuchModelError) as refused:
        ask(AbsentError(words), 1)

    assert str(refused.value) == words


@pytest.mark.parametrize("missing", [securable_names.no_catalog("tset"), securable_names.no_schema("test.chatbto")])
def test_an_unknown_catalog_or_schema_is_no_unknown_model(missing: Any) -> None:
    with pytest.raises(NoSuchSchemaError) as refused:
        ask(AbsentError(missing.message), 1)

    assert str(refused.value) == missing.message


@pytest.mark.parametrize(
    "error",
    [
        AbsentError("User does not exist."),
        AbsentError("Routine or Model 'test.chatbot.other' does not exist."),
        AbsentError("NOT_FOUND"),
        UnansweredError("Routine or Model 'test.chatbot.bot' does not exist."),
        UnansweredError("Invalid access token"),
    ],
)
def test_any_other_failure_is_no_answer_and_is_told_in_its_words(error: UnansweredError) -> None:
    with pytest.raises(RegistryError) as refused:
        ask(error, 1)

    assert str(refused.value) == str(error)
