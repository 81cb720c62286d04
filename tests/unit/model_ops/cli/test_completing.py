"""What a shell completes, asked of a real bash by the line that the page tells its reader to write."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from model_ops.cli import COMMANDS, main

ROOT = Path(__file__).parents[4]
PROGRAM = Path(sys.executable).with_name("model-ops")
LINES = dict(
    re.findall(r"^(.*=(\w+)_source \.venv/bin/model-ops.*)$", (ROOT / "docs/model-ops.md").read_text(), re.MULTILINE)
)
BY_SHELL = {shell: line.replace(".venv/bin/model-ops", str(PROGRAM)) for line, shell in LINES.items()}
HEAVY = re.compile(r"\b(?:mlflow|pandas|pydantic|databricks|pulumi)\b *$", re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for stack, entries in (
        ("test", "{fraud: {servedVersion: 17, warmVersions: [16]}, churn: {}}"),
        ("prod", "{churn: {}}"),
    ):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(f"config: {{'rollpin:models': {entries}}}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(*words: str) -> list[str]:
    """What click gives a shell for the last of the words."""
    found = ShellComplete(main, {}, "model-ops", "_MODEL_OPS_COMPLETE").get_completions(list(words[:-1]), words[-1])
    return [item.value for item in found]


def in_bash(directory: Path, *words: str) -> list[str]:
    """What a real bash offers for the last of the words, after the line in its start-up file."""
    typed = " ".join(map(shlex.quote, words))
    script = f"{BY_SHELL['bash']}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}\n"
    script += f'_model_ops_completion {shlex.quote(words[0])}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", script], cwd=directory, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_bash_completes_a_command_an_option_and_a_stack(project: Path) -> None:
    assert in_bash(project, str(PROGRAM), "vers") == ["versions"]
    assert in_bash(project, str(PROGRAM), "pin", "--bra") == ["--branch"]
    assert in_bash(project, str(PROGRAM), "versions", "--stack", "") == ["prod", "test"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_of_the_page_gives_a_shell_what_it_sources(shell: str) -> None:
    if shutil.which(shell) is None:
        line = f"_MODEL_OPS_COMPLETE={shell}_source {shlex.quote(str(PROGRAM))}"
        assert line in BY_SHELL[shell]
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        assert "_MODEL_OPS_COMPLETE" in done.stdout
        return
    done = subprocess.run([shell, "-c", BY_SHELL[shell]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_models_are_those_of_the_stack_that_is_named(project: Path) -> None:
    assert completed("versions", "--stack", "test", "--model", "") == ["fraud", "churn"]
    assert completed("versions", "--stack", "prod", "--model", "") == ["churn"]
    assert completed("show", "--model", "f") == ["fraud"]


def test_versions_are_those_that_the_file_names(project: Path) -> None:
    assert completed("pin", "--stack", "test", "--model", "fraud", "1") == ["16", "17"]
    assert completed("pin", "--stack", "test", "--model", "churn", "") == []


def test_what_cannot_be_read_completes_nothing_and_says_nothing(project: Path, capfd) -> None:
    (project / "Pulumi.test.yaml").write_text("<<<<<<< ours\nconfig: [\n")
    assert completed("versions", "--stack", "test", "--model", "") == []
    assert completed("versions", "--stack", "gone", "--model", "") == []
    assert capfd.readouterr() == ("", "")


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group, **group.context_settings)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield from (
            commands(command, (*words, name)) if isinstance(command, click.Group) else [((*words, name), command)]
        )


def test_every_option_that_names_a_stack_or_a_model_is_completed(project: Path) -> None:
    asked = [
        (words, option)
        for words, command in commands(main)
        for option in command.params
        if isinstance(option, click.Option)
    ]
    named = [
        (words, option.opts[0])
        for words, option in asked
        if {"--stack", "--model"} & set(option.opts) and words != ("init",)
    ]
    assert len(named) > len(COMMANDS)
    assert [(words, option) for words, option in named if not completed(*words, option, "")] == []


def test_completing_a_stack_imports_nothing_that_takes_long(project: Path) -> None:
    words = {"COMP_WORDS": "model-ops versions --stack ", "COMP_CWORD": "3", "_MODEL_OPS_COMPLETE": "bash_complete"}
    command = [sys.executable, "-X", "importtime", "-m", "model_ops.cli"]
    done = subprocess.run(
        command, env={"PATH": "/nowhere", "HOME": "/nowhere", **words}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,prod", "plain,test"]
    assert HEAVY.findall(done.stderr) == []
