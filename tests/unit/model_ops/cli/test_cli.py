"""The command line's exit codes tell the truth, and no traceback reaches its user."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from model_ops.cli import COMMANDS, main


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "verify" in result.output


def test_a_stack_that_is_not_deployed_ends_with_1_and_the_mend(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    result = CliRunner().invoke(main, ["verify", "--stack", "local", "--project", str(tmp_path)])
    assert result.exit_code == 1
    assert "up STACK=local" in result.output
    assert "Traceback" not in result.output


def test_misuse_ends_with_2_and_names_the_stacks_that_have_a_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod-search.yaml").touch()

    result = CliRunner().invoke(main, ["verify", "--project", str(tmp_path)])

    assert result.exit_code == 2
    assert "--stack NAME (there is: prod-search)" in result.output


def test_help_imports_neither_the_sdk_nor_mlflow_nor_pulumi() -> None:
    words = "import sys, model_ops.cli; print([m for m in ('databricks', 'mlflow', 'pulumi') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("name", "sentence"), [(name, sentence) for name, (_, sentence) in COMMANDS.items()])
def test_the_list_says_of_each_command_what_the_command_itself_says(name: str, sentence: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.get_short_help_str(limit=100) == sentence


def test_a_command_that_there_is_not_is_misuse() -> None:
    result = CliRunner().invoke(main, ["serve"])
    assert (result.exit_code, "No such command 'serve'" in result.output) == (2, True)


def test_a_mistake_of_the_program_is_said_to_be_one_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model_ops.deployed.DeployedStack.find", lambda *_: {}["\x1b[31mred"])
    result = CliRunner().invoke(main, ["versions", "--stack", "prod"])
    assert (result.exit_code, "a mistake of the program" in result.output) == (1, True)
    assert "\x1b" not in result.output
    monkeypatch.setenv("MODEL_OPS_TRACEBACK", "1")
    assert isinstance(CliRunner().invoke(main, ["versions", "--stack", "prod"]).exception, KeyError)
