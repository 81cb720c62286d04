"""The first step of a deployment: an older commit must not put an older pin back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def git(repository: Path, *words: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    directory = tmp_path / "upstream"
    directory.mkdir()
    git(directory, "init", "--initial-branch=main")
    commit(directory, "Pulumi.prod.yaml", "6")
    return directory


@pytest.fixture
def checkout(upstream: Path, tmp_path: Path) -> Path:
    """What the run of that commit checked out: it alone, without history."""
    git(tmp_path, "clone", "--depth=1", upstream.as_uri(), "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def begin(workflows, checkout, tmp_path):
    """Run the step as GitHub does; give how it ended and the summary that it wrote."""
    _, step, *_ = workflows["deploy"]["jobs"]["up"]["steps"]
    summary = tmp_path / "summary"

    def run(stack: str) -> tuple[subprocess.CompletedProcess[str], str]:
        environment = {"PATH": os.environ["PATH"], "STACK": stack, "TOKEN": "t", "GITHUB_STEP_SUMMARY": str(summary)}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=checkout, env=environment, check=False, capture_output=True, text=True)
        return done, summary.read_text() if summary.exists() else ""

    return run


def commit(repository: Path, path: str, text: str) -> None:
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")
    git(repository, "add", "--all")
    git(repository, "commit", f"--message={path}")


def test_the_tip_of_main_is_deployed(begin):
    done, summary = begin("prod")
    assert (done.returncode, done.stdout, summary) == (0, "", "")


@pytest.mark.parametrize(
    "path",
    [
        "Pulumi.prod.yaml",
        "Pulumi.yaml",
        "infra/program.py",
        "model_ops/served.py",
        "requirements.txt",
        "pyproject.toml",
    ],
)
def test_a_commit_whose_stack_main_changed_again_is_not(upstream, begin, path):
    commit(upstream, path, "7")
    done, summary = begin("prod")
    assert done.returncode == 1
    assert "::error title=Superseded::Nothing was deployed to prod" in done.stdout
    assert f"    {path}\n" in summary


@pytest.mark.parametrize(
    "path",
    ["Pulumi.test.yaml", "README.md", "model_ops/cli.py", "requirements-dev.txt", "docs/infra/Pulumi.prod.yaml"],
)
def test_one_is_that_main_left_this_stack_alone_after(upstream, begin, path):
    commit(upstream, path, "7")
    assert begin("prod")[0].returncode == 0


def test_one_is_whose_pin_main_went_back_to(upstream, begin):
    commit(upstream, "Pulumi.prod.yaml", "7")
    commit(upstream, "Pulumi.prod.yaml", "6")
    assert begin("prod")[0].returncode == 0


def test_nothing_is_deployed_when_main_cannot_be_asked(upstream, begin):
    upstream.rename(upstream.with_name("gone"))
    assert begin("prod")[0].returncode != 0
