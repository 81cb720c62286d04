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


def test_the_same_settings_pass(path: Path) -> None:
    confirm(path, engine(path).get, Commands(stack="test"))


def test_a_flag_that_the_engine_has_quoted_is_the_same(path: Path, good: str) -> None:
    held = engine(path)
    path.write_text(good.replace("protect: true", 'protect: "true"'))

    confirm(path, held.get, Commands(stack="test"))


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
        confirm(path, held.get, Commands(stack="test"))

    assert said in str(refused.value)
    assert "without --config-file" in str(refused.value)
    assert "No resource was touched" in str(refused.value)


def test_a_setting_that_only_the_engine_holds_ends_the_run(path: Path, good: str) -> None:
    held = engine(path)
    path.write_text(good.replace("  rollpin:tags: {team: chatbot}\n", ""))

    with pytest.raises(SettingsError, match=r"rollpin:tags: nothing in Pulumi\.test\.yaml"):
        confirm(path, held.get, Commands(stack="test"))
