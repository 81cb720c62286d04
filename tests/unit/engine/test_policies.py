"""A stack in the cloud is held against the policies by the engine's own record, before anything is changed."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from engine import cloud_stack
from infra.settings import judged_file
from infra.settings.mistake import SettingsError
from model_ops.commands import Commands
from policy.kinds import ENDPOINT
from tests.unit.engine.fake_cli import STACK, cli, deleted, refusal, step, unchanged

URN = f"urn:pulumi:prod::rollpin::{ENDPOINT}::bot-endpoint"
FILE = "config:\n  rollpin:models:\n    bot: {catalog: prod, schema: serving}\n"


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.prod.yaml").write_text(FILE)
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", os.pathsep.join([str(path.parent), os.environ["PATH"]]))
    return path


def calls(pulumi: Path) -> list[str]:
    return [line.split()[0] for line in pulumi.with_suffix(".calls").read_text().splitlines()]


def test_an_up_that_the_policies_refuse_is_not_begun(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli(pulumi, [unchanged(STACK), deleted(URN, name="bot")])
    assert cloud_stack.run("prod", "up", tmp_path) == 1
    assert calls(pulumi) == ["preview"]
    told = capsys.readouterr().err
    assert "policy nothing-kept-is-lost: refused: bot-endpoint: it is deleted" in told
    assert "nothing was changed" in told


def test_an_up_that_they_let_pass_is_begun(pulumi: Path, tmp_path: Path) -> None:
    cli(pulumi, [unchanged(STACK)])
    assert cloud_stack.run("prod", "up", tmp_path) == 0
    assert calls(pulumi) == ["preview", "up"]


def test_an_up_whose_preview_fails_is_not_begun_and_says_why(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli(pulumi, [unchanged(STACK), refusal("version 99 does not exist")], 255)
    assert cloud_stack.run("prod", "up", tmp_path) == 255
    assert calls(pulumi) == ["preview"]
    assert capsys.readouterr().err.count("error: version 99 does not exist") == 1


def test_in_ci_an_up_asks_nobody_and_nothing_that_the_cli_prints_is_obeyed(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    cli(pulumi, [unchanged(STACK)], said="  ::error::bot\n a ##vso[task.setvariable variable=a]b\n")
    assert cloud_stack.run("prod", "up", tmp_path) == 0
    assert pulumi.with_suffix(".calls").read_text().splitlines()[1].endswith("--yes --non-interactive --color never")
    assert capsys.readouterr().out == "  :\\x3aerror::bot\n a #\\x23vso[task.setvariable variable=a]b\n"


def test_in_ci_nothing_is_destroyed_without_a_yes_and_elsewhere_the_cli_itself_asks(
    pulumi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli(pulumi, [unchanged(STACK)])
    monkeypatch.setenv("CI", "true")
    cloud_stack.run("prod", "destroy", tmp_path)
    monkeypatch.delenv("CI")
    cloud_stack.run("prod", "up", tmp_path)
    assert "--yes" not in pulumi.with_suffix(".calls").read_text()


@pytest.mark.parametrize("operation", ["up", "preview"])
def test_what_tells_nothing_is_not_trusted(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    cli(pulumi, [])
    assert cloud_stack.run("prod", operation, tmp_path) == 1
    assert calls(pulumi) == ["preview"]
    assert capsys.readouterr().err.count("error: the engine ended before it knew anything") == 1


@pytest.mark.parametrize("operation", ["up", "preview"])
def test_a_step_that_nobody_understands_is_let_pass_by_nobody(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    cli(pulumi, [unchanged(STACK), step("evaporate", URN, old={"name": "bot"}, new=None)])
    assert cloud_stack.run("prod", operation, tmp_path) == 1
    assert calls(pulumi) == ["preview"]
    assert "a step that is not understood here" in capsys.readouterr().err


def test_an_up_that_is_interrupted_ends_in_its_own_time(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = tmp_path / "ended"
    # Longer than Python would let the engine live after Ctrl-C.
    cli(pulumi, [unchanged(STACK)], working=f"kill -INT $PPID; sleep 1; touch '{ended}'")
    assert cloud_stack.run("prod", "up", tmp_path) == 0
    assert ended.exists()
    assert "the engine finishes what it has begun" in capsys.readouterr().err


def test_an_up_that_is_interrupted_while_it_is_judged_has_changed_nothing(
    pulumi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pulumi.write_text(f"#!/bin/sh\necho $1 >> '{pulumi.with_suffix('.calls')}'\nkill -INT $PPID\n")
    pulumi.chmod(0o700)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
    try:
        assert cloud_stack.run("prod", "up", tmp_path) == 1
    finally:
        signal.signal(signal.SIGINT, before)
    assert calls(pulumi) == ["preview"]
    assert "interrupted: nothing was changed" in capsys.readouterr().err


def test_an_up_is_told_what_was_judged(pulumi: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    cli(pulumi, [unchanged(STACK)], working=f'echo "$ROLLPIN_JUDGED" > {told}')
    assert cloud_stack.run("prod", "up", tmp_path) == 0
    file = tmp_path / "Pulumi.prod.yaml"
    judged, commands = {judged_file.VARIABLE: told.read_text().strip()}, Commands(stack="prod")
    judged_file.confirm(file, judged, commands)
    file.write_text(FILE.replace("serving", "other"))
    with pytest.raises(SettingsError, match="has changed since the policies were held against it"):
        judged_file.confirm(file, judged, commands)


def test_a_refresh_is_not_judged(pulumi: Path, tmp_path: Path) -> None:
    cli(pulumi, [])
    assert cloud_stack.run("prod", "refresh", tmp_path) == 0
    assert calls(pulumi) == ["refresh"]


def test_the_document_of_a_preview_has_what_they_found(pulumi: Path, tmp_path: Path) -> None:
    cli(pulumi, [unchanged(STACK), deleted(URN, name="bot")])
    assert cloud_stack.preview("prod", tmp_path, tmp_path / "preview.json") == 1
    (found,) = json.loads((tmp_path / "preview.json").read_text())["policies"]
    assert (found["policy"], found["level"], found["resource"]) == ("nothing-kept-is-lost", "mandatory", "bot-endpoint")
