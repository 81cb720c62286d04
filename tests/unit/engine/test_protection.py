"""A protected stack is not destroyed by one command: the engine would delete what alone is not protected."""

from __future__ import annotations

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
    return tmp_path


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


def test_a_protected_stack_is_previewed_all_the_same(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text("config:\n  rollpin:models: {}\n")

    assert CliRunner().invoke(main, ["refresh", "--stack", "prod"]).exit_code == 0
