"""What the models of a stack have in common is said once, and a mistake in it too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings

Read = Callable[[str], Settings]
Refusal = Callable[[str], str]

COMMON = """\
config:
  rollpin:defaults:
    catalog: prod
    schema: serving
    endpoint: {inferenceTable: true, tags: {team: search, cost: low}}
    access: {manage: [ml-engineers], query: [everybody]}
    tags: {area: shop}
  rollpin:models:
"""
TWO = f"""\
{COMMON}    first: {{servedVersion: 1}}
    second: {{schema: own, endpoint: {{tags: {{team: ads}}, inferenceTable: false}}, access: {{query: [buyers]}}}}
"""


def test_a_model_has_what_the_defaults_say_and_it_does_not(read: Read) -> None:
    first = read(TWO).models["first"]

    assert first.full_name("first") == "prod.serving.first"
    assert first.endpoint.inference_table is True
    assert first.access.lists == {"view": (), "query": ("everybody",), "manage": ("ml-engineers",), "execute": ()}
    assert first.tags == {"area": "shop"}


def test_mappings_are_merged_key_by_key_and_lists_are_replaced(read: Read) -> None:
    second = read(TWO).models["second"]

    assert second.full_name("second") == "prod.own.second"
    assert second.endpoint.tags == {"team": "ads", "cost": "low"}
    assert second.endpoint.inference_table is False
    assert second.access.query == ("buyers",)
    assert second.access.manage == ("ml-engineers",)


@pytest.mark.parametrize("models", ["rollpin:models: {}", "rollpin:models:\n    a: {}"])
def test_defaults_stand_over_no_models_and_over_empty_ones(read: Read, models: str) -> None:
    settings = read(f"config:\n  rollpin:defaults: {{catalog: c, schema: s}}\n  {models}\n")

    assert [model.full_name(name) for name, model in settings.models.items()] == ["c.s.a"][: len(settings.models)]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("servedVersion", "7", "each model has versions of its own"),
        ("canary", "{version: 8, percent: 1}", "each model has versions of its own"),
        ("warmVersions", "[6, 7]", "each model has versions of its own"),
        ("retired", "true", "models are retired one by one"),
        ("adopt", "true", "what is taken over is said of each thing"),
        ("model", "other", "a registered model has one entry that creates it"),
        ("experiment", "{name: /Shared/x}", "an experiment records the training of one model"),
        ("endpoint.name", "chatbot", "an endpoint serves one model"),
        ("endpoint.adopt", "true", "what is taken over is said of each thing"),
    ],
)
def test_what_one_model_alone_can_have_is_refused_with_the_reason(
    refusal: Refusal, key: str, value: str, reason: str
) -> None:
    outer, _, inner = key.partition(".")
    line = f"    {outer}: {{{inner}: {value}}}\n" if inner else f"    {outer}: {value}\n"
    models = "  rollpin:models:\n    a: {}\n    b: {}\n"

    message = refusal(f"config:\n  rollpin:defaults:\n    catalog: c\n    schema: s\n{line}{models}")

    assert message.startswith("Pulumi.test.yaml has 1 mistake.")
    assert f"Pulumi.test.yaml:5  rollpin:defaults.{key}\n" in message
    assert f"{value}`, for all models" in message
    assert reason in message
    assert f"remove the key `{inner or outer}` and its value, at line 5" in message


@pytest.mark.parametrize(
    ("line", "key", "found"),
    [
        ("endpoint: {workloadSize: small}", "endpoint.workloadSize", "`small`"),
        ("endpoint: 7", "endpoint", "`7`"),
        ("catlog: prod", "catlog", "a key that nothing here reads"),
        ("access: {query: [admins]}", "access.query[0]", "`admins`"),
        ("access: {query: [a, a]}", "access.query", "`a`, 2 times"),
        ("tags: {run_id: x}", "tags.run_id", "the name `run_id`"),
    ],
)
def test_a_mistake_in_a_default_is_told_once_at_its_own_line(refusal: Refusal, line: str, key: str, found: str) -> None:
    catalog = "" if line.startswith("catlog") else "    catalog: prod\n"
    models = "  rollpin:models:\n    a: {}\n    b: {}\n    c: {}\n"

    message = refusal(f"config:\n  rollpin:defaults:\n    {line}\n    schema: s\n{catalog}{models}")

    assert message.startswith("Pulumi.test.yaml has 1 mistake.")
    assert f"Pulumi.test.yaml:3  rollpin:defaults.{key}\n     found:   {found}" in message


def test_a_mistake_of_a_models_own_is_told_at_the_model(refusal: Refusal) -> None:
    message = refusal(TWO.replace("inferenceTable: false", "inferenceTable: maybe"))

    assert "has 1 mistake" in message
    assert "Pulumi.test.yaml:10  rollpin:models.second.endpoint.inferenceTable\n" in message


def test_a_key_that_neither_gives_is_told_at_the_model_with_both_mends(refusal: Refusal) -> None:
    message = refusal("config:\n  rollpin:defaults: {schema: s}\n  rollpin:models:\n    a:\n      servedVersion: 7\n")

    assert (
        "Pulumi.test.yaml:4  rollpin:models.a.catalog\n     found:   no such key, nor in `rollpin:defaults`" in message
    )
    assert "below line 4, indented, add `catalog: prod`; or inside the braces of `rollpin:defaults`" in message


def test_without_defaults_a_missing_key_can_begin_them(refusal: Refusal) -> None:
    message = refusal("config:\n  rollpin:models:\n    a: {schema: s}\n")

    assert "or below line 1, indented, add `rollpin:defaults: {catalog: prod}`, for all models" in message


def test_a_refused_version_leads_to_the_model_that_the_defaults_place(refusal: Refusal) -> None:
    message = refusal(TWO.replace("servedVersion: 1", "servedVersion: latest, model: a_longer_name"))

    assert "databricks model-versions list prod.serving.a_longer_name" in message


def test_more_values_than_are_read_are_not_reached_by_defaults_either(refusal: Refusal) -> None:
    tags = ", ".join(f"t{number}: x" for number in range(100))
    models = "".join(f"    m{number}: {{}}\n" for number in range(60))

    message = refusal(
        f"config:\n  rollpin:defaults: {{catalog: c, schema: s, tags: {{{tags}}}}}\n  rollpin:models:\n{models}"
    )

    assert "Pulumi.test.yaml:2  rollpin:defaults\n" in message
    assert "for 60 models" in message
    assert "at most 10000 keys and values, those of the defaults counted for each model" in message
    assert message.startswith("Pulumi.test.yaml has 1 mistake.")


def test_a_secret_in_the_defaults_is_refused_once_and_not_shown(refusal: Refusal) -> None:
    secret = "config:\n  rollpin:defaults:\n    catalog: {secure: v1:hidden}\n    schema: s\n"

    message = refusal(f"{secret}  rollpin:models: {{a: {{}}, b: {{}}}}\n")

    assert message.startswith("Pulumi.test.yaml has 1 mistake.")
    assert "hidden" not in message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("endpoint: {concurrency: {min: 8, max: 4}}", "`4`"),
        ("endpoint: {burstScaling: true}", "no `throughput` beside it"),
        ("access: {resources: true}", "no `execute` beside it"),
    ],
)
def test_what_contradicts_itself_in_the_defaults_is_told_once(refusal: Refusal, line: str, words: str) -> None:
    models = "  rollpin:models: {a: {}, b: {}}\n"
    text = f"config:\n  rollpin:defaults:\n    catalog: c\n    schema: s\n    {line}\n{models}"
    message = refusal(text)

    assert message.count(words) == 1
    assert ":5  " in message
    assert "rollpin:models" not in message


@pytest.mark.parametrize(
    "endpoint", ["{environmentOf: {7: {RERANK: '1'}}}", "{gateway: {inferenceTable: {prefix: chatbot}}}"]
)
def test_what_one_version_or_one_table_has_is_refused_for_all(refusal: Refusal, endpoint: str) -> None:
    message = refusal(
        f"{COMMON.replace('{inferenceTable: true, tags: {team: search, cost: low}}', endpoint)}    a: {{}}\n"
    )

    assert "this key in a model's own settings alone" in message
