"""Settings that are each allowed, but not together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings

Refusal = Callable[[str], str]

SECOND = """\
    other:
      catalog: prod
      schema: chatbot
      endpoint: {name: second}
"""


def test_adopt_and_create_exclude_each_other(good: str, refusal: Refusal) -> None:
    message = refusal(good.replace("    adopt:", "    create: {location: westeurope}\n    adopt:"))

    assert "found:   `adopt` and `create` together" in message
    assert (
        "remove the key `adopt` and its value, at lines 4 to 6; or remove the key `create` and its value, at line 3"
        in message
    )


def test_a_platform_is_one_of_the_two(refusal: Refusal) -> None:
    message = refusal("config: {'rollpin:platform': {}, 'rollpin:models': {}}")

    assert "found:   neither `adopt` nor `create`" in message
    assert "add `adopt:" in message


@pytest.mark.parametrize(("key", "line"), [("canary", 14), ("warmVersions", 13)])
def test_a_canary_and_warm_versions_stand_beside_a_pin(good: str, refusal: Refusal, key: str, line: int) -> None:
    message = refusal(good.replace("      servedVersion: 7\n", ""))

    assert f"Pulumi.test.yaml:{line}  rollpin:models.chatbot.{key}\n" in message
    assert (
        f"below line 9, indented, add `servedVersion: 6`, or whichever version serves; or remove the key `{key}`"
        in message
    )


def test_a_canary_is_another_version_than_the_pin(good: str, refusal: Refusal) -> None:
    message = refusal(good.replace("version: 8", "version: 7"))

    assert "rollpin:models.chatbot.canary.version" in message
    assert "version 7, which is the pin itself" in message
    assert "remove the key `canary` and its value, at line 15; or at line 15, write another version" in message


def test_an_endpoint_holds_fifteen_versions(good: str, refusal: Refusal, read: Callable[[str], Settings]) -> None:
    warm = ", ".join(map(str, range(100, 113)))
    assert len(read(good.replace("[6, 7]", f"[{warm}]")).models["chatbot"].versions) == 15

    message = refusal(good.replace("[6, 7]", f"[{warm}, 113]"))

    assert "16 versions to deploy" in message
    assert "remove 1 of them" in message


def test_a_list_names_each_thing_once(good: str, refusal: Refusal) -> None:
    message = refusal(good.replace("[6, 7]", "[6, 6]").replace("[chatbot-users]", "[x, X, y]"))

    assert "rollpin:models.chatbot.warmVersions\n     found:   `6`, 2 times" in message
    assert "rollpin:models.chatbot.access.query\n     found:   `x`, 2 times" in message


def test_a_new_catalog_has_no_schema_to_use(good: str, refusal: Refusal) -> None:
    message = refusal(good.replace("createSchema: true", "createSchema: false\n      createCatalog: true"))

    assert "rollpin:models.chatbot.createSchema" in message
    assert "at line 12, write `createSchema: true`" in message


def test_two_models_have_two_endpoints(good: str, refusal: Refusal) -> None:
    message = refusal(good + SECOND.replace("second", "Chatbot"))

    assert "rollpin:models.other.endpoint.name" in message
    assert "`Chatbot`, which models chatbot and other share" in message


def test_two_models_have_two_experiments(good: str, refusal: Refusal) -> None:
    experiment = "      experiment: {name: /Shared/x}\n"
    message = refusal(good + experiment + SECOND + experiment)

    assert "`/Shared/x`, which models chatbot and other share" in message


def test_a_model_that_has_no_experiment_shares_none(good: str, read: Callable[[str], Settings]) -> None:
    experiment = "      experiment: {name: /Shared/x}\n"

    found = read(good + experiment + SECOND + experiment + "      createExperiment: false\n")

    assert not found.models["other"].has_experiment


@pytest.mark.parametrize("key", ["createCatalog: true", "createSchema: false"])
def test_models_of_one_catalog_and_schema_agree_on_who_creates_it(good: str, refusal: Refusal, key: str) -> None:
    message = refusal(good + SECOND + f"      {key}\n")

    assert f"rollpin:models.other.{key.partition(':')[0]}" in message
    assert "for model chatbot, also in prod" in message


def test_a_contradiction_is_told_beside_another_models_mistake(good: str, refusal: Refusal) -> None:
    bad = SECOND.replace("catalog: prod", "catalog: Prod") + "      servedVersion: latest\n"
    message = refusal(good.replace("version: 8", "version: 7") + bad)

    assert message.startswith("Pulumi.test.yaml has 3 mistakes.")
    assert "which is the pin itself" in message
