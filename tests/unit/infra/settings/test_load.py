"""What a stack file may say, and what it is told when it says something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings

Read = Callable[[str], Settings]
Refusal = Callable[[str], str]

BAD = [
    # (what is in the file, what is written instead, the key, what was found, the mend)
    ("servedVersion: 7", "servedVersion: 7.0", "chatbot.servedVersion", "`7.0`", "write `7` instead of `7.0`"),
    ("servedVersion: 7", "servedVersion: 007", "chatbot.servedVersion", "`007`", "write `7` instead of `007`"),
    ("servedVersion: 7", "servedVersion: 1e1", "chatbot.servedVersion", "`1e1`", "write `10` instead of `1e1`"),
    ("servedVersion: 7", "servedVersion: '7'", "chatbot.servedVersion", "`'7'`", "write `7` instead of `'7'`"),
    (
        "servedVersion: 7",
        "servedVersion: latest",
        "chatbot.servedVersion",
        "`latest`",
        "databricks model-versions list prod.chatbot.chatbot",
    ),
    ("servedVersion: 7", "servedVersion: champion", "chatbot.servedVersion", "`champion`", "the number of a version"),
    ("servedVersion: 7", "servedVersion: 0", "chatbot.servedVersion", "`0`", "the number of a version"),
    ("servedVersion: 7", "servedVersion: -7", "chatbot.servedVersion", "`-7`", "the number of a version"),
    ("servedVersion: 7", "servedVersion: true", "chatbot.servedVersion", "`true`", "the number of a version"),
    ("servedVersion: 7", "servedVersion: 2024-04-19", "chatbot.servedVersion", "`2024-04-19`", "the number"),
    (
        "servedVersion: 7",
        "servedVersion:",
        "chatbot.servedVersion",
        "nothing",
        "at line 13, write a value, as in `7`; or remove the key `servedVersion`",
    ),
    ("servedVersion: 7", "served_version: 7", "chatbot.served_version", "a key that nothing", "write `servedVersion:`"),
    ("servedVersion: 7", "servedversion: 7", "chatbot.servedversion", "a key that nothing", "write `servedVersion:`"),
    (
        "servedVersion: 7",
        "colour: red",
        "chatbot.colour",
        "a key that nothing here reads",
        "remove the key `colour` and its value, at line 13",
    ),
    ("[6, 7]", "[6, 7.5]", "chatbot.warmVersions[1]", "`7.5`", "the number of a version"),
    ("[6, 7]", "6", "chatbot.warmVersions", "`6`", "write `[6]` instead of `6`"),
    ("percent: 10", "percent: 150", "chatbot.canary.percent", "`150`", "as in `percent: 10`"),
    ("percent: 10", "percent: 100", "chatbot.canary.percent", "`100`", "as in `percent: 10`"),
    ("percent: 10", "percent: 0", "chatbot.canary.percent", "`0`", "as in `percent: 10`"),
    (
        ", percent: 10",
        "",
        "chatbot.canary.percent",
        "no such key",
        "inside the braces of `canary`, at line 15, add `percent: 10`",
    ),
    ("catalog: prod", "catalog: Prod", "chatbot.catalog", "`Prod`", "write `prod` instead of `Prod`"),
    ("catalog: prod", "catalog: a.b", "chatbot.catalog", "`a.b`", "write `a_b` instead of `a.b`"),
    ("catalog: prod", "catalog: hive_metastore", "chatbot.catalog", "`hive_metastore`", "write a value"),
    ("catalog: prod", "catalog: 7", "chatbot.catalog", "`7`", 'write `"7"` instead of `7`'),
    ("schema: chatbot", "schema: a/b", "chatbot.schema", "`a/b`", "write `a_b` instead of `a/b`"),
    ("schema: chatbot", "schema: information_schema", "chatbot.schema", "`information_schema`", "write a value"),
    ("    chatbot:\n", "    My.Model:\n", "rollpin:models.My.Model", "the name `My.Model`", "write `my_model:`"),
    ("{name: chatbot,", "{name: 'my bot',", "chatbot.endpoint.name", "`'my bot'`", "write `my-bot` instead"),
    ("{name: chatbot,", f"{{name: {'x' * 64},", "chatbot.endpoint.name", "x" * 60, "at most 63 characters"),
    ("Size: Small", "Size: small", "chatbot.endpoint.workloadSize", "`small`", "write `Small` instead of `small`"),
    ("Size: Small", "Size: Huge", "chatbot.endpoint.workloadSize", "`Huge`", "as in `workloadSize: Small`"),
    ("scaleToZero: false", "scaleToZero: no", "chatbot.endpoint.scaleToZero", "`no`", "write `false` instead"),
    ("Minutes: 45", "Minutes: 0", "chatbot.endpoint.timeoutMinutes", "`0`", "as in `timeoutMinutes: 45`"),
    ("[ml-engineers]", "ml-engineers", "chatbot.access.manage", "`ml-engineers`", "write `[ml-engineers]`"),
    ("[ml-engineers]", "[admins]", "chatbot.access.manage[0]", "`admins`", "Databricks does not let anyone change"),
    ("https://adb", "adb", "rollpin:platform.adopt.host", "`adb-", "write `https://adb-1111111111111111"),
    ("https://adb", "http://adb", "rollpin:platform.adopt.host", "`http://adb-", "write `https://adb-"),
    (".net\n", ".net/?o=1\n", "rollpin:platform.adopt.host", "?o=1`", "write `https://adb-"),
    ("/subscriptions/", "/subs/", "rollpin:platform.adopt.resourceId", "`/subs/", "Microsoft.Databricks/workspaces"),
    ("    adopt:", "    adpot:", "rollpin:platform.adpot", "a key that nothing", "write `adopt:` instead of `adpot:`"),
    ("protect: true", "protect: yes", "rollpin:protect", "`yes`", "write `true` instead of `yes`"),
    ("{team: chatbot}", "{team: 7}", "rollpin:tags.team", "`7`", 'write `"7"` instead of `7`'),
    ("{team: chatbot}", "{run_id: a}", "rollpin:tags.run_id", "the name `run_id`", "give it another name"),
    ("rollpin:models:", "rollpin:modles:", "rollpin:modles", "a key that nothing", "write `rollpin:models:`"),
    ("rollpin:models:", "rolpin:models:", "rolpin:models", "the namespace `rolpin`", "write `rollpin:models:`"),
    ("rollpin:models:", "models:", "models", "a key without a namespace", "write `rollpin:models:` instead"),
]


@pytest.mark.parametrize(("old", "new", "key", "found", "mend"), BAD, ids=[f"{case[2]} {case[1]}" for case in BAD])
def test_a_mistake_is_told_with_its_key_its_value_and_its_mend(
    good: str, refusal: Refusal, old: str, new: str, key: str, found: str, mend: str
) -> None:
    message = refusal(good.replace(old, new, 1))

    assert "No resource was touched" in message
    assert key in message
    assert found in message
    assert "allowed:" in message
    assert mend in message


def test_a_mistake_is_told_with_its_line(good: str, refusal: Refusal) -> None:
    assert "Pulumi.test.yaml:13  rollpin:models.chatbot.servedVersion\n" in refusal(
        good.replace("servedVersion: 7", "servedVersion: 7.0")
    )


def test_every_mistake_is_in_one_message_in_the_order_of_the_file(good: str, refusal: Refusal) -> None:
    bad = good.replace("Version: 7", "Version: latest").replace("percent: 10", "percent: 150").replace("true", "yes")

    message = refusal(bad)

    assert message.startswith("Pulumi.test.yaml has 4 mistakes.")
    lines = [int(line.split(":")[1].split()[0]) for line in message.splitlines() if "Pulumi.test.yaml:" in line]
    assert lines == sorted(lines) == [6, 12, 13, 15]


def test_what_is_left_out_has_its_default(read: Read) -> None:
    found = read("config: {'rollpin:models': {chatbot: {catalog: prod, schema: chatbot}}}")

    model = found.models["chatbot"]
    assert found.platform is None
    assert found.protect
    assert (model.create_catalog, model.create_schema) == (False, True)
    assert model.served_version is None
    assert model.versions == ()
    assert model.endpoint_name("chatbot") == "chatbot"
    assert model.experiment_name("test", "chatbot") == "/Shared/rollpin-test-chatbot"
    assert (model.endpoint.workload_size, model.endpoint.scale_to_zero) == (None, None)
    assert model.endpoint.inference_table is None
    assert model.endpoint.timeout_minutes == 45


def test_the_versions_to_deploy_are_each_named_once(good: str, read: Read) -> None:
    assert read(good).models["chatbot"].versions == (6, 7, 8)


def test_what_the_engine_adds_to_a_file_and_quotes_in_it_is_taken(good: str, read: Read) -> None:
    found = read(good.replace("protect: true", 'protect: "false"') + "encryptionsalt: v1:abc\n")

    assert found.protect is False


def test_settings_cannot_be_changed(good: str, read: Read) -> None:
    found = read(good)
    with pytest.raises(ValidationError, match="frozen"):
        found.protect = False


@pytest.mark.parametrize("digits", [10, 30, 5000])
def test_a_number_of_more_digits_than_a_registry_counts_is_refused(good: str, read: Read, digits: int) -> None:
    with pytest.raises(SettingsError, match=r"servedVersion\n +found: +`9+"):
        read(good.replace("servedVersion: 7", f"servedVersion: {'9' * digits}"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(version=st.integers(min_value=1, max_value=999_999_998))
def test_a_whole_number_pins(good: str, read: Read, version: int) -> None:
    found = read(
        good.replace("servedVersion: 7", f"servedVersion: {version}").replace("version: 8", f"version: {version + 1}")
    )

    assert found.models["chatbot"].served_version == version


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    value=st.one_of(
        st.floats(allow_nan=False).map(repr),
        st.integers(max_value=0).map(str),
        st.from_regex(r"0[0-9]{1,5}", fullmatch=True),
        st.from_regex(r"[a-z]{1,12}", fullmatch=True),
        st.integers(min_value=1).map(lambda number: f'"{number}"'),
    )
)
def test_nothing_else_pins(good: str, refusal: Refusal, value: str) -> None:
    message = refusal(good.replace("servedVersion: 7", f"servedVersion: {value}"))

    assert "rollpin:models.chatbot.servedVersion" in message
    assert "Traceback" not in message


def test_only_an_optional_key_without_a_value_may_be_removed(refusal: Refusal, good: str) -> None:
    required = refusal(good.replace("catalog: prod", "catalog:"))
    optional = refusal(good.replace("servedVersion: 7", "servedVersion:"))

    assert "at line 10, write a value, as in `prod`\n" in f"{required}\n"
    assert "or remove the key `servedVersion` and its value, at line 13" in optional
