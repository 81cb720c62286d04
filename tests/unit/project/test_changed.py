from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

NONE = "0000000000000000000000000000000000000000"
"""What GitHub sends as the commit before a branch was made."""


def git(repository: Path, *words: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "--initial-branch=main")
    git(directory, "commit", "--allow-empty", "--message=before")
    return directory


@pytest.fixture
def stacks(workflows, repository, tmp_path):
    """Run the step of the workflow as GitHub does; give what it wrote."""
    step = next(step for step in workflows["changed"]["jobs"]["changed"]["steps"] if step.get("id") == "stacks")

    def run(before: str) -> str:
        output = tmp_path / "output"
        environment = {"PATH": os.environ["PATH"], "BEFORE": before, "GITHUB_OUTPUT": str(output)}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        subprocess.run(command, cwd=repository, env=environment, check=True, capture_output=True)
        return output.read_text()

    return run


def commit(repository: Path, *paths: str) -> None:
    for path in paths:
        file = repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("changed\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--message=after")


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("Pulumi.test.yaml", '["test"]'),
        ("Pulumi.prod.yaml", '["prod"]'),
        ("Pulumi.local.yaml", "[]"),
        ("Pulumi.yaml", '["test","prod"]'),
        ("infra/program.py", '["test","prod"]'),
        ("model_ops/served.py", '["test","prod"]'),
        ("model_ops/cli.py", "[]"),
        ("requirements.txt", '["test","prod"]'),
        ("requirements-rehearse.txt", "[]"),
        ("requirements-scoring.txt", "[]"),
        ("requirements-dev.txt", "[]"),
        ("docs/requirements.txt", "[]"),
        ("pyproject.toml", '["test","prod"]'),
        ("README.md", "[]"),
        ("docs/infra/Pulumi.prod.yaml", "[]"),
        ("engine/go.mod", "[]"),
    ],
)
def test_a_change_of_one_file_touches_just_the_stacks_made_from_it(repository, stacks, path, listed):
    commit(repository, path)
    assert stacks("HEAD^1") == f"stacks={listed}\n"


def test_changes_of_both_stack_files_touch_both_in_the_order_of_deployment(repository, stacks):
    commit(repository, "Pulumi.prod.yaml", "Pulumi.test.yaml")
    assert stacks("HEAD^1") == 'stacks=["test","prod"]\n'


@pytest.mark.parametrize("before", [NONE, "", "no-such-commit", "--output=stolen"])
def test_a_commit_that_git_does_not_know_touches_everything(repository, stacks, before):
    commit(repository, "README.md")
    assert stacks(before) == 'stacks=["test","prod"]\n'
    assert not (repository / "stolen").exists()


def test_a_stack_file_that_moves_away_touches_its_stack(repository, stacks):
    commit(repository, "Pulumi.prod.yaml")
    git(repository, "mv", "Pulumi.prod.yaml", "elsewhere.yaml")
    git(repository, "commit", "--message=move")
    assert stacks("HEAD^1") == 'stacks=["prod"]\n'


def test_a_pull_request_is_compared_with_its_base_and_not_with_what_main_did_meanwhile(repository, stacks):
    git(repository, "switch", "--create=proposal")
    commit(repository, "Pulumi.prod.yaml")
    git(repository, "switch", "main")
    commit(repository, "infra/program.py")
    git(repository, "merge", "--no-ff", "--message=merge", "proposal")
    assert stacks("HEAD^1") == 'stacks=["prod"]\n'
