"""Which pins are refused before anything is made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from infra.proof import pin_guard
from infra.proof.pin_guard import ModelVersion, NoSuchModelError, NoSuchSchemaError, RegistryError
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings

HOST = "https://adb-1.1.azuredatabricks.net"
READY = {number: "READY" for number in (5, 6, 7)}


class FakeRegistry:
    """The versions of every model, by number and status; or an error."""

    def __init__(self, statuses: dict[int, str] | Exception) -> None:
        self.statuses, self.asked = statuses, []

    def __call__(self, full_name: str, wanted: Sequence[int]) -> Sequence[ModelVersion]:
        self.asked.append((full_name, tuple(wanted)))
        if isinstance(self.statuses, Exception):
            raise self.statuses
        return [ModelVersion(version=n, status=status, run_id=f"run-{n}") for n, status in self.statuses.items()]


def stack(**model: object) -> Settings:
    return Settings.model_validate({"models": {"chatbot": {"catalog": "prod", "schema": "bots", **model}}})


def refused(settings: Settings, registry: FakeRegistry, address: str | None = HOST) -> str:
    with pytest.raises(SettingsError) as error:
        pin_guard.confirm(settings, "test", address, registry)
    return str(error.value)


def test_a_ready_pin_passes_with_its_run() -> None:
    registry = FakeRegistry(READY)

    assert pin_guard.confirm(stack(servedVersion=7, warmVersions=(6,)), "test", HOST, registry) == {"chatbot": "run-7"}
    assert registry.asked == [("prod.bots.chatbot", (6, 7))]


def test_nothing_is_asked_about_a_model_without_a_pin() -> None:
    registry = FakeRegistry(READY)

    assert pin_guard.confirm(stack(), "test", None, registry) == {}
    assert registry.asked == []


def test_a_version_that_does_not_exist_is_refused_with_those_that_are_ready() -> None:
    message = refused(stack(servedVersion=99), FakeRegistry({**READY, 8: "FAILED_REGISTRATION"}))

    assert "No resource was touched" in message
    assert "rollpin:models.chatbot.servedVersion" in message
    assert "found:   version 99 of prod.bots.chatbot, which does not exist" in message
    assert "allowed: a version that is READY: 5, 6, 7\n" in message
    assert "mend:    in Pulumi.test.yaml, write `7`" in message


@pytest.mark.parametrize("status", ["PENDING_REGISTRATION", "FAILED_REGISTRATION", "in no state"])
def test_a_version_that_is_not_ready_is_refused_with_its_state(status: str) -> None:
    message = refused(stack(servedVersion=8), FakeRegistry({**READY, 8: status}))

    assert f"version 8 of prod.bots.chatbot, which is {status}" in message


def test_every_refused_version_is_in_one_message() -> None:
    message = refused(
        stack(servedVersion=90, canary={"version": 91, "percent": 5}, warmVersions=(7, 92)), FakeRegistry(READY)
    )

    for key, version in (("servedVersion", 90), ("canary.version", 91), ("warmVersions[1]", 92)):
        assert f"rollpin:models.chatbot.{key}\n     found:   version {version} of" in message
    assert "warmVersions[0]" not in message


def test_refusals_of_two_models_are_in_one_message() -> None:
    models = {name: {"catalog": "prod", "schema": "bots", "servedVersion": 9} for name in ("one", "two")}

    message = refused(Settings.model_validate({"models": models}), FakeRegistry(READY))

    assert "version 9 of prod.bots.one" in message
    assert "version 9 of prod.bots.two" in message


@pytest.mark.parametrize("registry", [FakeRegistry({}), FakeRegistry(NoSuchModelError("x does not exist"))])
def test_a_model_without_any_version_is_refused_with_the_three_steps(registry: FakeRegistry) -> None:
    message = refused(stack(servedVersion=7), registry)

    assert "(1) remove servedVersion" in message
    assert "(2) train" in message
    assert "(3) write `servedVersion: 1` for chatbot in Pulumi.test.yaml, then: make up STACK=test" in message


def test_an_unknown_model_is_told_in_the_registrys_words() -> None:
    words = "Routine or Model 'prod.bots.chatbot' does not exist."

    message = refused(stack(servedVersion=7), FakeRegistry(NoSuchModelError(words)))

    assert f"no version of prod.bots.chatbot; {HOST} says: {words}\n" in message


def test_an_unknown_catalog_is_told_in_the_registrys_words_with_both_ways_out() -> None:
    message = refused(stack(servedVersion=7), FakeRegistry(NoSuchSchemaError("Catalog 'prdo' does not exist.")))

    assert f"{HOST} says: Catalog 'prdo' does not exist.\n" in message
    assert "if the name is mistaken: in Pulumi.test.yaml, write the right `catalog` and `schema` for chatbot" in message
    assert "if the environment is new: in three steps: (1) remove servedVersion" in message


def test_a_workspace_that_does_not_answer_is_named_with_its_words_and_the_three_steps() -> None:
    message = refused(stack(servedVersion=7), FakeRegistry(RegistryError("dial tcp: no such host")))

    assert f"no answer about prod.bots.chatbot from {HOST}: dial tcp: no such host" in message
    assert "databricks model-versions list prod.bots.chatbot" in message
    assert "(1) remove servedVersion" in message


def test_a_pin_in_a_workspace_yet_to_be_created_is_refused_unasked() -> None:
    registry = FakeRegistry(READY)

    message = refused(stack(servedVersion=7), registry, address=None)

    assert "there is no DATABRICKS_HOST to look it up at" in message
    assert "export DATABRICKS_HOST=$(pulumi stack output workspace_url --stack test)" in message
    assert "(1) remove servedVersion" in message
    assert registry.asked == []
