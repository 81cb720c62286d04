"""An `up` ends where the stack's settings are others than those that the policies were held against."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.settings.judged_file import VARIABLE, confirm, variables
from infra.settings.mistake import SettingsError
from model_ops.commands import Commands

COMMANDS = Commands(stack="test")


@pytest.fixture
def path(tmp_path: Path, good: str) -> Path:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(good)
    return path


def test_what_nobody_has_judged_passes(path: Path) -> None:
    confirm(path, {}, COMMANDS)
    confirm(path, {VARIABLE: ""}, COMMANDS)


def test_the_salt_that_the_engine_adds_and_the_quotes_that_it_sets_change_nothing(path: Path, good: str) -> None:
    judged = variables(path)
    quoted = good.replace("protect: true", 'protect: "true"')
    path.write_text(f"encryptionsalt: v1:abc\n{quoted}")
    confirm(path, judged, COMMANDS)


def test_another_setting_is_refused_with_what_to_type(path: Path, good: str) -> None:
    judged = variables(path)
    path.write_text(good.replace("protect: true", "protect: false"))
    with pytest.raises(SettingsError, match=r"Pulumi\.test\.yaml has changed since") as refused:
        confirm(path, judged, COMMANDS)
    assert "make up STACK=test" in str(refused.value)


def test_a_file_that_is_gone_is_refused_and_one_that_never_was_is_not_judged(path: Path, tmp_path: Path) -> None:
    judged = variables(path)
    path.unlink()
    with pytest.raises(SettingsError, match="no such file"):
        confirm(path, judged, COMMANDS)
    assert variables(tmp_path / "Pulumi.nowhere.yaml") == {}
