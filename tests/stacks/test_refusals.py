"""A stack that is refused registers nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from infra.settings import judged_file
from tests.stacks.recorded import Stack, engine_config, version

MODEL = "test.chatbot.dbdemos_advanced_chatbot_model"
FIXTURES = Path(__file__).parent / "projects"
PINNED = re.compile(r"servedVersion: [0-9]+")

Run = Callable[..., Stack]


def refused(run: Run, *args: object, **more: object) -> tuple[str, Stack]:
    """What is said, and what was made nevertheless."""
    made = Stack()
    with pytest.raises(pulumi.RunError) as error:
        run(*args, into=made, **more)
    return str(error.value), made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The stack `test` with version 7 pinned, whatever it pins by now."""
    text, count = PINNED.subn("servedVersion: 7", (FIXTURES / "Pulumi.test.yaml").read_text())
    assert count == 1
    (tmp_path / "Pulumi.test.yaml").write_text(text)
    return tmp_path


def test_a_version_that_does_not_exist_registers_nothing(run: Run, project: Path) -> None:
    message, made = refused(run, "test", {MODEL: [version(5), version(6)]}, project=project)

    assert f"version 7 of {MODEL}, which does not exist" in message
    assert "READY: 5, 6" in message
    assert not made.resources


def test_a_file_that_changed_since_its_policies_were_judged_registers_nothing(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project / "Pulumi.test.yaml"
    for name, value in judged_file.variables(file).items():
        monkeypatch.setenv(name, value)
    file.write_text(file.read_text().replace("servedVersion: 7", "servedVersion: 6"))
    message, made = refused(run, "test", {MODEL: [version(6), version(7)]}, project=project)

    assert "has changed since the policies were held against it" in message
    assert not made.resources
    assert not made.asked


def test_a_version_that_is_pending_registers_nothing(run: Run, project: Path) -> None:
    message, made = refused(run, "test", {MODEL: [version(7, "PENDING_REGISTRATION")]}, project=project)

    assert "which is PENDING_REGISTRATION" in message
    assert not made.resources


def test_a_model_that_nobody_has_trained_registers_nothing_and_says_the_three_steps(run: Run) -> None:
    message, made = refused(run, "test", {}, project=FIXTURES)

    assert "(1) remove servedVersion" in message
    assert not made.resources


def test_a_pin_in_a_workspace_yet_to_be_created_registers_nothing(run: Run) -> None:
    message, made = refused(run, "new", {}, project=FIXTURES)

    assert "there is no DATABRICKS_HOST to look it up at" in message
    assert not made.resources
    assert not made.asked


def test_a_stack_without_a_workspace_registers_nothing(run: Run) -> None:
    message, made = refused(run, "local", project=FIXTURES)

    assert "no such key, and no DATABRICKS_HOST in the environment" in message
    assert not made.resources


def test_a_mistake_in_the_file_registers_nothing_and_asks_nothing(run: Run, project: Path) -> None:
    path = project / "Pulumi.test.yaml"
    path.write_text(path.read_text().replace("servedVersion: 7", "servedVersion: 7.0"))

    message, made = refused(run, "test", {MODEL: [version(7)]}, project=project)

    assert "write `7` instead of `7.0`" in message
    assert not made.resources
    assert not made.asked


def test_other_settings_in_the_engine_than_in_the_file_register_nothing(run: Run, project: Path) -> None:
    config = engine_config(project, "test")
    config["rollpin:models"] = config["rollpin:models"].replace('"servedVersion": 7', '"servedVersion": 6')

    message, made = refused(run, "test", {MODEL: [version(6), version(7)]}, project=project, config=config)

    assert "The engine holds other settings than Pulumi.test.yaml" in message
    assert not made.resources
