"""A protected stack is not destroyed by one command: the engine would delete what alone is not protected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import cloud_stack
from engine.__main__ import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose machine lacks nothing, and whose engine must not be started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cloud_stack, "missing", lambda *_: [])
    monkeypatch.setattr(cloud_stack, "run", lambda *_: 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    deployed(tmp_path)
    return tmp_path


def deployed(project: Path, *protected: bool, code: int = 0) -> None:
    """Have the state hold resources that are protected, and others."""
    state = {"version": 3, "deployment": {"resources": [{"urn": "u", "protect": each} for each in protected]}}
    (project / "state.json").write_text(json.dumps(state))
    pulumi = project / "pulumi"
    pulumi.write_text(
        f"#!/bin/sh\n[ \"$1 $2\" = 'stack export' ] && cat state.json\necho who are you >&2\nexit {code}\n"
    )
    pulumi.chmod(0o700)


@pytest.mark.parametrize("said", ["  rollpin:protect: true\n", ""])
def test_a_protected_stack_is_refused_and_told_how_it_is_given_up(project: Path, said: str) -> None:
    (project / "Pulumi.prod.yaml").write_text(f"config:\n{said}  rollpin:models: {{}}\n")

    refused = CliRunner().invoke(main, ["destroy", "--stack", "prod"])
    assert refused.exit_code == 1
    assert "Stack prod is protected, so it is not destroyed" in refused.output
    assert (
        "`rollpin:protect: false` into Pulumi.prod.yaml, then: make up STACK=prod, and after that: " in refused.output
    )
    assert refused.output.rstrip().endswith("make destroy STACK=prod")


def test_an_unprotected_stack_is_destroyed(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:protect: false\n  rollpin:models: {}\n")

    assert CliRunner().invoke(main, ["destroy", "--stack", "prod"]).exit_code == 0


def test_a_file_with_a_mistake_destroys_nothing(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:protct: false\n")

    refused = CliRunner().invoke(main, ["destroy", "--stack", "prod"])
    assert (refused.exit_code, "rollpin:protct" in refused.output) == (1, True)


def test_a_stack_that_no_up_has_let_go_of_is_refused_and_told_to_run_one(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:protect: false\n  rollpin:models: {}\n")
    deployed(project, True, False, True)

    refused = CliRunner().invoke(main, ["destroy", "--stack", "prod"])
    assert refused.exit_code == 1
    assert "its state protects 2 resources still" in refused.output
    assert "Run first: make up STACK=prod   and after that: make destroy STACK=prod" in refused.output


def test_a_stack_whose_state_cannot_be_read_is_not_destroyed(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:protect: false\n  rollpin:models: {}\n")
    deployed(project, code=255)

    refused = CliRunner().invoke(main, ["destroy", "--stack", "prod"])
    assert (refused.exit_code, "cannot be read, so nothing was touched: who are you" in refused.output) == (1, True)


def test_a_protected_stack_is_refreshed_all_the_same(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:models: {}\n")

    assert CliRunner().invoke(main, ["refresh", "--stack", "prod"]).exit_code == 0
