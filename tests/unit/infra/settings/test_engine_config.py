"""The engine's settings are those of the file, or the run ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.settings.engine_config import confirm
from infra.settings.mistake import SettingsError
from model_ops.commands import Commands


@pytest.fixture
def path(tmp_path: Path, good: str) -> Path:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(good)
    return path


def engine(path: Path) -> dict[str, Any]:
    """The config as the engine hands it on: mappings as JSON, all else as text."""
    config = YAML(typ="safe").load(path)["config"]
    return {
        key.removeprefix("rollpin:"): json.dumps(value) if isinstance(value, dict) else str(value).lower()
        for key, value in config.items()
    }


def none(_: str) -> bool:
    """Of no setting does the engine hold a secret."""
    return False


def test_the_same_settings_pass(path: Path) -> None:
    confirm(path, engine(path).get, none, Commands(stack="test"))


def test_a_flag_that_the_engine_has_quoted_is_the_same(path: Path, good: str) -> None:
    held = engine(path)
    path.write_text(good.replace("protect: true", 'protect: "true"'))

    confirm(path, held.get, none, Commands(stack="test"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("protect", "false", 'rollpin:protect: "true" in Pulumi.test.yaml, "false" in the engine'),
        ("protect", None, "nothing in the engine"),
        ("models", '{"chatbot": {"servedVersion": 8}}', '"servedVersion": "8"}} in the engine'),
        ("tags", '{"team": "other"}', 'rollpin:tags: {"team": "chatbot"} in Pulumi.test.yaml, {"team": "other"}'),
    ],
)
def test_other_settings_end_the_run_and_say_which(path: Path, key: str, value: str | None, said: str) -> None:
    held = {**engine(path), key: value}

    with pytest.raises(SettingsError) as refused:
        confirm(path, held.get, none, Commands(stack="test"))

    assert said in str(refused.value)
    assert "without --config-file" in str(refused.value)
    assert "No resource was touched" in str(refused.value)


def test_a_setting_that_only_the_engine_holds_ends_the_run(path: Path, good: str) -> None:
    held = engine(path)
    path.write_text(good.replace("  rollpin:tags: {team: chatbot}\n", ""))

    with pytest.raises(SettingsError, match=r"rollpin:tags: nothing in Pulumi\.test\.yaml"):
        confirm(path, held.get, none, Commands(stack="test"))


def test_a_setting_that_the_engine_has_decrypted_ends_the_run_and_is_not_shown(path: Path) -> None:
    held = {**engine(path), "tags": '{"team": "hunter2"}'}

    with pytest.raises(SettingsError) as refused:
        confirm(path, held.get, "tags".__eq__, Commands(stack="test"))

    message = str(refused.value)
    assert 'rollpin:tags: {"team": "chatbot"} in Pulumi.test.yaml, a secret (not shown) in the engine' in message
    assert "pulumi config rm rollpin:tags --config-file FILE" in message
    assert "hunter2" not in message


def test_a_secret_that_is_the_same_as_the_files_text_ends_the_run_too(path: Path) -> None:
    with pytest.raises(SettingsError, match=r"rollpin:protect: .* a secret \(not shown\) in the engine"):
        confirm(path, engine(path).get, "protect".__eq__, Commands(stack="test"))


def test_what_commands_a_terminal_is_shown_and_not_obeyed(path: Path) -> None:
    held = {**engine(path), "protect": "\x1b[31m\u202e\nfalse"}

    with pytest.raises(SettingsError) as refused:
        confirm(path, held.get, none, Commands(stack="test"))

    assert "\\u001b[31m\\u202e\\nfalse" in str(refused.value)
    assert not set("\x1b\u202e") & set(str(refused.value))
