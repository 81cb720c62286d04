"""A sandbox stands for a stack's workspace where ROLLPIN_SANDBOX says so, and never by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops.cli import main
from model_ops.commands import Commands
from model_ops.errors import StackError
from model_ops.rehearsed import Rehearsed
from model_ops.stack import address


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "checkout"
    project.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.prod.yaml"):
        (project / name).touch()
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a sandbox that stands for every stack's workspace."""
    directory = tmp_path / "sandbox"
    (directory / "deployments").mkdir(parents=True)
    (directory / "token").write_text("a-token\n")
    monkeypatch.setenv("ROLLPIN_SANDBOX", str(directory))
    return directory


def left_by_the_engine(home: Path, stack: str) -> None:
    root = home / "stacks" / stack
    root.mkdir(parents=True)
    (root / "pulumi").touch()
    left = {"pulumi": str(root / "pulumi"), "project": str(root), "token_file": str(home / "token")}
    (root / "engine.json").write_text(json.dumps({**left, "environment": {"A": "b"}}))


@pytest.mark.parametrize("value", ["", "  "])
def test_nothing_is_rehearsed_where_the_variable_names_nothing(value: str) -> None:
    assert Rehearsed.find("prod", {"ROLLPIN_SANDBOX": value}) is None
    assert Rehearsed.find("prod", {}) is None


def test_a_directory_may_be_a_sandboxs_or_empty_or_not_there_yet(tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty").mkdir()
    for directory in (home, tmp_path / "empty", tmp_path / "new"):
        found = Rehearsed.find("prod", {"ROLLPIN_SANDBOX": str(directory)})
        assert found is not None
        assert found.root == directory / "stacks" / "prod"


def test_a_directory_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(StackError, match=r"holds other things than a sandbox(.|\n)*unset ROLLPIN_SANDBOX"):
        Rehearsed.find("prod", {"ROLLPIN_SANDBOX": str(tmp_path)})
    with pytest.raises(StackError, match="is no directory"):
        Rehearsed.find("prod", {"ROLLPIN_SANDBOX": str(tmp_path / "thesis.tex")})


@pytest.mark.parametrize("stack", ["..", ".", "a/b", ""])
def test_a_stacks_name_leads_to_no_other_directory(home: Path, stack: str) -> None:
    with pytest.raises(StackError, match="No stack can be named"):
        Rehearsed.find(stack)


def test_a_rehearsed_stack_is_asked_on_the_sandbox_and_edited_in_the_checkout(checkout: Path, home: Path) -> None:
    left_by_the_engine(home, "prod")

    where = address("prod", checkout)

    assert where.pulumi == str(home / "stacks" / "prod" / "pulumi")
    assert where.file == checkout / "Pulumi.prod.yaml"
    assert where.token("http://127.0.0.1:1") == "a-token"
    assert where.commands.up == f"ROLLPIN_SANDBOX={home} make up STACK=prod"


def test_a_stack_that_was_not_rehearsed_yet_is_refused_with_the_command(checkout: Path, home: Path) -> None:
    result = CliRunner().invoke(main, ["verify", "--stack", "prod"])

    assert result.exit_code == 1
    assert f"the sandbox in {home} stands for the workspace of stack prod (ROLLPIN_SANDBOX)" in result.stderr
    assert f"Deploy it: ROLLPIN_SANDBOX={home} make up STACK=prod" in result.stderr
    assert not result.stdout


def test_a_proof_that_is_kept_says_that_it_is_of_a_rehearsal(checkout: Path, home: Path) -> None:
    left_by_the_engine(home, "prod")
    pulumi = home / "stacks" / "prod" / "pulumi"
    pulumi.write_text("""#!/bin/sh\necho '{"workspace_url": "http://127.0.0.1:1", "models": {}}'\n""")
    pulumi.chmod(0o700)

    result = CliRunner().invoke(main, ["verify", "--stack", "prod"])

    assert result.exit_code == 0
    said = f"rehearsed: the sandbox in {home} stands for the workspace of stack prod (ROLLPIN_SANDBOX)\n"
    assert result.stdout == said


def test_a_stack_without_a_file_is_not_rehearsed(checkout: Path, home: Path) -> None:
    left_by_the_engine(home, "gone")
    with pytest.raises(StackError, match="There is no stack gone"):
        address("gone", checkout)


def test_every_command_that_is_to_be_typed_next_stays_on_the_sandbox(tmp_path: Path) -> None:
    commands = Commands.rehearsing("prod", Path.cwd(), tmp_path / "a sandbox")
    named = f"ROLLPIN_SANDBOX='{tmp_path}/a sandbox' "
    assert commands.engine("preview") == f"{named}make preview STACK=prod"
    assert commands.verify == f"{named}make verify STACK=prod"
    assert commands.model_ops("pin", 6).startswith(f"{named}model-ops pin 6 --stack prod")
    assert commands.sandbox.endswith(f"-m sandbox start --home '{tmp_path}/a sandbox'")
    assert commands.file == "Pulumi.prod.yaml"
