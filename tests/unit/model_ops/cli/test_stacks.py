"""Which stacks a change touches, and in which order: what the workflows ask first."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops.cli import main

NONE = "0000000000000000000000000000000000000000"
"""What GitHub sends as the commit before a branch was made."""


def git(repository: Path, *words: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch) -> Path:
    for name in ("GITHUB_ACTIONS", "GITHUB_OUTPUT", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "--initial-branch=main")
    for stack, after in (("local", ""), ("prod", "  rollpin:after: test\n"), ("test", "")):
        (directory / f"Pulumi.{stack}.yaml").write_text(f"config:\n{after}  rollpin:models: {{}}\n")
    git(directory, "add", "--all")
    git(directory, "commit", "--message=before")
    return directory


def commit(repository: Path, *paths: str) -> None:
    for path in paths:
        file = repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as text:
            text.write("# changed\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--message=after")


def stacks(repository: Path, base: str | None = "HEAD^1", *more: str) -> list[str]:
    words = [] if base is None else ["--base", base]
    done = CliRunner().invoke(main, ["stacks", "--project", str(repository), "--json", *words, *more])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("Pulumi.test.yaml", ["test"]),
        ("Pulumi.prod.yaml", ["prod"]),
        ("Pulumi.local.yaml", []),
        ("Pulumi.yaml", ["test", "prod"]),
        ("infra/program.py", ["test", "prod"]),
        ("model_ops/served.py", ["test", "prod"]),
        ("model_ops/cli.py", []),
        ("requirements.txt", ["test", "prod"]),
        ("requirements-rehearse.txt", []),
        ("requirements-scoring.txt", []),
        ("requirements-dev.txt", []),
        ("docs/requirements.txt", []),
        ("pyproject.toml", ["test", "prod"]),
        ("README.md", []),
        ("docs/infra/Pulumi.prod.yaml", []),
        ("engine/go.mod", []),
    ],
)
def test_a_change_of_one_file_touches_just_the_stacks_made_from_it(repository, path, listed):
    commit(repository, path)
    assert stacks(repository) == listed


def test_changes_of_both_stack_files_touch_both_in_the_order_of_deployment(repository):
    commit(repository, "Pulumi.prod.yaml", "Pulumi.test.yaml")
    assert stacks(repository) == ["test", "prod"]


@pytest.mark.parametrize("base", [NONE, "", "no-such-commit", "--output=stolen"])
def test_a_commit_that_git_does_not_know_touches_everything(repository, base):
    commit(repository, "README.md")
    assert stacks(repository, base) == ["test", "prod"]
    assert not (repository / "stolen").exists()


def test_without_a_commit_every_stack_is_listed_but_that_of_this_machine(repository):
    assert stacks(repository, None) == ["test", "prod"]


def test_a_new_version_begins_in_the_stacks_that_are_behind_no_other(repository):
    assert stacks(repository, None, "--first") == ["test"]


def test_a_platform_stack_is_none_of_them_and_keeps_none_that_serves_from_being_one(repository):
    (repository / "Pulumi.base.yaml").write_text("config:\n  rollpin:models: {}\n  rollpin:catalogs: {test: {}}\n")
    (repository / "Pulumi.test.yaml").write_text("config:\n  rollpin:after: base\n  rollpin:models: {}\n")

    assert stacks(repository, None) == ["base", "test", "prod"]
    assert stacks(repository, None, "--first") == ["test"]


def test_a_stack_file_that_moves_away_touches_its_stack(repository):
    git(repository, "mv", "Pulumi.prod.yaml", "elsewhere.yaml")
    git(repository, "commit", "--message=move")
    assert stacks(repository) == ["prod"]


def test_a_file_that_is_no_yaml_touches_its_stack_and_keeps_its_place(repository):
    commit(repository, "Pulumi.test.yaml")
    (repository / "Pulumi.prod.yaml").write_text("<<<<<<< HEAD\n  rollpin:after: test\n=======\n: [\n")
    git(repository, "commit", "--all", "--message=broken")
    assert stacks(repository, "HEAD~2") == ["test", "prod"]


def test_a_pull_request_is_compared_with_its_base_and_not_with_what_main_did_meanwhile(repository):
    git(repository, "switch", "--create=proposal")
    commit(repository, "Pulumi.prod.yaml")
    git(repository, "switch", "main")
    commit(repository, "infra/program.py")
    git(repository, "merge", "--no-ff", "--message=merge", "proposal")
    assert stacks(repository) == ["prod"]


def test_a_stack_is_found_by_its_file_and_goes_by_its_name(repository):
    commit(repository, "Pulumi.prod-search.yaml", "Pulumi.prod.eu.yaml")
    assert stacks(repository) == ["prod-search", "prod.eu"]
    assert stacks(repository, None) == ["prod-search", "prod.eu", "test", "prod"]


def test_a_stack_goes_behind_the_one_that_its_file_names_whatever_their_names(repository):
    (repository / "Pulumi.a.yaml").write_text("config:\n  'rollpin:after': \"prod\"   # last of all\n")
    commit(repository, "Pulumi.yaml")
    assert stacks(repository) == ["test", "prod", "a"]


def test_a_stack_behind_one_that_is_not_there_is_deployed_all_the_same(repository):
    git(repository, "rm", "--quiet", "Pulumi.test.yaml")
    git(repository, "commit", "--message=gone")
    commit(repository, "Pulumi.yaml")
    assert stacks(repository) == ["prod"]


def test_the_list_is_an_output_of_the_step_on_github(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    stacks(repository, None)
    assert (tmp_path / "output").read_text().splitlines()[1] == '["test","prod"]'


def test_the_list_is_an_output_of_the_step_in_azure_devops(repository, monkeypatch):
    monkeypatch.setenv("TF_BUILD", "True")
    done = CliRunner().invoke(main, ["stacks", "--project", str(repository)])
    assert '##vso[task.setvariable variable=stacks;isOutput=true]["test","prod"%5D' in done.stdout


@pytest.mark.parametrize(("more", "fits"), [(254, True), (255, False)])
def test_more_stacks_than_a_matrix_takes_are_refused_where_github_makes_one_of_them(
    repository: Path, monkeypatch: pytest.MonkeyPatch, more: int, fits: bool
) -> None:
    for number in range(more):
        (repository / f"Pulumi.s{number}.yaml").write_text("config: {}\n")
    assert len(stacks(repository, None)) == more + 2

    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_OUTPUT", str(repository / "outputs"))
    done = CliRunner().invoke(main, ["stacks", "--project", str(repository), "--json"])

    assert (done.exit_code == 0, (repository / "outputs").exists()) == (fits, fits)
    assert fits or "These are 257 stacks, and GitHub makes at most 256 jobs of a matrix" in done.stderr


def test_the_one_that_somebody_names_is_listed_if_there_is_one(repository: Path) -> None:
    assert stacks(repository, None, "--stack", "prod") == ["prod"]

    for words, code, said in (
        (["prdo"], 1, "There is no stack prdo to deliver to; there is test, prod. Did you mean prod?"),
        (["local"], 1, "There is no stack local to deliver to"),
        (["prod", "--base", "HEAD"], 2, "leave --base and --first out"),
    ):
        done = CliRunner().invoke(main, ["stacks", "--project", str(repository), "--stack", *words])
        assert (done.exit_code, done.stdout) == (code, "")
        assert said in done.stderr
