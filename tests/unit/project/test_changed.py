from __future__ import annotations

import os
import re
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
    for stack, after in (("local", ""), ("prod", "  rollpin:after: test\n"), ("test", "")):
        (directory / f"Pulumi.{stack}.yaml").write_text(f"config:\n{after}  rollpin:models: {{}}\n")
    git(directory, "add", "--all")
    git(directory, "commit", "--message=before")
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
        with file.open("a") as text:
            text.write("# changed\n")
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


def test_a_stack_is_found_by_its_file_and_goes_by_its_name(repository, stacks):
    commit(repository, "Pulumi.prod-search.yaml", "Pulumi.prod.eu.yaml")
    commit(repository, "infra/program.py")
    assert stacks("HEAD^1") == 'stacks=["prod-search","prod.eu","test","prod"]\n'


def test_a_stack_that_is_new_is_touched_by_its_own_file(repository, stacks):
    commit(repository, "Pulumi.prod-search.yaml", "Pulumi.prod.eu.yaml")
    assert stacks("HEAD^1") == 'stacks=["prod-search","prod.eu"]\n'


def test_a_stack_goes_behind_the_one_that_its_file_names_whatever_their_names(repository, stacks):
    (repository / "Pulumi.a.yaml").write_text("config:\n  'rollpin:after': \"prod\"   # last of all\n")
    commit(repository, "Pulumi.yaml")
    assert stacks("HEAD^1") == 'stacks=["test","prod","a"]\n'


def test_stacks_that_go_behind_each_other_are_refused(repository, stacks):
    (repository / "Pulumi.test.yaml").write_text("config:\n  rollpin:after: prod\n")
    commit(repository, "Pulumi.yaml")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        stacks("HEAD^1")
    assert b"loop" in refused.value.stderr


def test_a_stack_behind_one_that_is_not_there_is_deployed_all_the_same(repository, stacks):
    git(repository, "rm", "--quiet", "Pulumi.test.yaml")
    git(repository, "commit", "--message=gone")
    commit(repository, "Pulumi.yaml")
    assert stacks("HEAD^1") == 'stacks=["prod"]\n'


def test_no_workflow_and_no_command_has_a_stacks_name_written_into_it(root):
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    rooms = (".github/", "engine/", "model_ops/cli/", "Makefile")
    found = {
        path: names
        for path in listed
        if path.startswith(rooms)
        if (names := re.findall(r"""["'`, ](?:test|prod)(?:["'`,]| or | and )|test\|prod""", (root / path).read_text()))
    }
    assert found == {}
