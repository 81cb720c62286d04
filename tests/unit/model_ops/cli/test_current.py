"""The first step of a deployment: an older commit must not put an older pin back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops.cli import main


def git(repository: Path, *words: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True)


def commit(repository: Path, path: str, text: str) -> None:
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")
    git(repository, "add", "--all")
    git(repository, "commit", f"--message={path}")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    directory = tmp_path / "upstream"
    directory.mkdir()
    git(directory, "init", "--initial-branch=main")
    commit(directory, "Pulumi.prod.yaml", "6")
    return directory


@pytest.fixture(params=[(), ("--depth=1",)], ids=["whole", "shallow"])
def checkout(request, upstream: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", *request.param, upstream.as_uri(), "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def begin(checkout, tmp_path, monkeypatch):
    """Run the step; give how it ended, what it said and the summary that it wrote."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary := tmp_path / "summary"))
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")

    def run(stack: str = "prod") -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["current", "--stack", stack, "--project", str(checkout)])
        return done.exit_code, done.output, summary.read_text() if summary.exists() else ""

    return run


def test_the_tip_of_main_is_deployed(begin):
    code, _, summary = begin()
    assert (code, summary) == (0, "")


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
    code, said, summary = begin()
    assert code == 1
    assert "Nothing was deployed to prod" in said
    assert f"  {path}\n" in summary


@pytest.mark.parametrize(
    "path",
    ["Pulumi.test.yaml", "README.md", "model_ops/cli.py", "requirements-dev.txt", "docs/infra/Pulumi.prod.yaml"],
)
def test_one_is_that_main_left_this_stack_alone_after(upstream, begin, path):
    commit(upstream, path, "7")
    assert begin()[0] == 0


def test_one_is_whose_pin_main_went_back_to(upstream, begin):
    commit(upstream, "Pulumi.prod.yaml", "7")
    commit(upstream, "Pulumi.prod.yaml", "6")
    assert begin()[0] == 0


@pytest.mark.parametrize("checkout", [()], indirect=True, ids=["whole"])
def test_a_branch_of_its_own_is_compared_from_where_it_left_main(upstream, checkout, begin):
    git(checkout, "switch", "--create=rollback")
    commit(checkout, "Pulumi.prod.yaml", "5")
    assert begin()[0] == 0
    commit(upstream, "Pulumi.prod.yaml", "7")
    assert begin()[0] == 1


def test_nothing_is_deployed_when_main_cannot_be_asked(upstream, begin):
    upstream.rename(upstream.with_name("gone"))
    code, said, _ = begin()
    assert code == 1
    assert "git fetch fails" in said


def test_a_stack_whose_file_is_gone_is_not_deployed_and_what_it_made_stays(begin):
    code, said, _ = begin("gone")
    assert code == 1
    assert "no file Pulumi.gone.yaml" in said
    assert "make destroy STACK=gone" in said
