"""Which pins are refused before anything is made."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from infra.proof import pin_guard
from infra.proof.pin_guard import ModelVersion, NoSuchModelError, NoSuchSchemaError, RegistryError
from infra.proof.workspace_api import UnansweredError
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings
from model_ops.commands import Commands
from model_ops.served import Endpoint

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


def unasked(name: str) -> Endpoint | None:
    raise AssertionError(name)


def stack(**model: object) -> Settings:
    return Settings.model_validate({"models": {"chatbot": {"catalog": "prod", "schema": "bots", **model}}})


def endpoint(*deployed: tuple[int, int]) -> Endpoint:
    """An endpoint whose versions are ready and get these shares of the traffic."""
    return {
        "config": {
            "served_entities": [
                {
                    "name": f"chatbot-v{version}",
                    "entity_name": "prod.bots.chatbot",
                    "entity_version": str(version),
                    "state": {"deployment": "DEPLOYMENT_READY"},
                }
                for version, _ in deployed
            ],
            "traffic_config": {
                "routes": [
                    {"served_entity_name": f"chatbot-v{v}", "traffic_percentage": share} for v, share in deployed
                ]
            },
        }
    }


def refused(
    settings: Settings,
    registry: FakeRegistry,
    address: str | None = HOST,
    serves: pin_guard.AskEndpoint = lambda _: None,
) -> str:
    with pytest.raises(SettingsError) as error:
        pin_guard.confirm(settings, Commands(stack="test"), address, registry, serves)
    return str(error.value)


def test_a_ready_pin_passes_with_its_run() -> None:
    registry = FakeRegistry(READY)

    settings = stack(servedVersion=7, warmVersions=(6,))

    assert pin_guard.confirm(settings, Commands(stack="test"), HOST, registry, unasked) == {"chatbot": "run-7"}
    assert registry.asked == [("prod.bots.chatbot", (6, 7))]


def test_nothing_is_asked_about_a_model_without_a_pin() -> None:
    registry = FakeRegistry(READY)

    assert pin_guard.confirm(stack(), Commands(stack="test"), None, registry, unasked) == {}
    assert registry.asked == []


def test_a_version_that_does_not_exist_is_refused_with_those_that_are_ready() -> None:
    message = refused(stack(servedVersion=99), FakeRegistry({**READY, 8: "FAILED_REGISTRATION"}))

    assert "No resource was touched" in message
    assert "rollpin:models.chatbot.servedVersion" in message
    assert "found:   version 99 of prod.bots.chatbot, which does not exist" in message
    assert "allowed: a version that is READY: 5, 6, 7\n" in message
    assert "write `" not in message
    assert "mend:    in Pulumi.test.yaml, write one that was proven to serve at rollpin:models.chatbot" in message
    assert "which of these were proven to serve: model-ops history --stack test" in message


def test_what_serves_is_proposed_and_not_the_newest_that_is_ready() -> None:
    ready = FakeRegistry({**READY, 8: "READY"})
    asked: list[str] = []

    def serves(name: str) -> Endpoint:
        asked.append(name)
        return endpoint((5, 0), (6, 90), (7, 10))

    message = refused(stack(servedVersion=99, endpoint={"name": "bot"}), ready, serves=serves)

    assert "write `6`, which serves now, at rollpin:models.chatbot.servedVersion\n" in message
    assert "which of these were proven to serve: model-ops history --stack test" in message
    assert "`8`" not in message
    assert asked == ["bot"]


@pytest.mark.parametrize("answer", [UnansweredError("it does not answer"), None, endpoint((9, 100))])
def test_nothing_is_proposed_that_does_not_serve_or_is_not_registered(
    answer: Endpoint | Exception | None,
) -> None:
    def serves(_: str) -> Endpoint | None:
        if isinstance(answer, Exception):
            raise answer
        return answer

    message = refused(stack(servedVersion=99), FakeRegistry(READY), serves=serves)

    assert "write one that was proven to serve" in message
    assert "write `" not in message


def test_what_serves_is_no_canary_and_no_warm_version_of_itself() -> None:
    settings = stack(servedVersion=7, canary={"version": 91, "percent": 5}, warmVersions=(6, 92))

    message = refused(settings, FakeRegistry(READY), serves=lambda _: endpoint((7, 100)))

    assert "mend:    in Pulumi.test.yaml, remove `canary` of chatbot, or write another of these at" in message
    assert "mend:    in Pulumi.test.yaml, take it out of `warmVersions` of chatbot, or write another" in message
    assert "which serves now" not in message


def test_of_many_versions_the_latest_are_named() -> None:
    message = refused(stack(servedVersion=99), FakeRegistry(dict.fromkeys(range(1, 31), "READY")))

    assert "READY: 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 and 20 earlier ones\n" in message


def test_of_several_models_the_command_names_the_one_that_is_meant() -> None:
    models = {name: {"catalog": "prod", "schema": "bots", "servedVersion": 9} for name in ("one", "two")}

    message = refused(Settings.model_validate({"models": models}), FakeRegistry(READY))

    assert "model-ops history --stack test --model one" in message
    assert "model-ops history --stack test --model two" in message


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
