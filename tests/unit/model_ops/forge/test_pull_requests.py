from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops.cli import main

BRANCH = "pin/chatbot-6"


def git(directory: Path, *words: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(hub, tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(tmp_path, "clone", "--quiet", "remote.git", "checkout")
    directory = tmp_path / "checkout"
    git(directory, "switch", "--quiet", "--create", "main")
    git(directory, "commit", "--quiet", "--allow-empty", "-m", "before")
    git(directory, "push", "--quiet", "origin", "main")
    git(directory, "switch", "--quiet", "--create", BRANCH)
    git(directory, "commit", "--quiet", "--allow-empty", "-m", "Pin `6`; $(touch stolen)", "-m", "@team <b>")
    return directory


def open_it(checkout: Path, *words: str):
    return CliRunner().invoke(main, ["pull-request", BRANCH, "--project", str(checkout), *words])


def test_without_yes_it_is_only_said_what_would_be_done(hub, checkout):
    done = open_it(checkout)
    assert done.exit_code == 0
    assert "a pull request into main" in done.stdout
    assert (hub.pulls, git(checkout, "ls-remote", "origin", BRANCH)) == ([], "")


def test_the_branch_is_pushed_and_its_pull_request_opened_once(hub, checkout):
    first, second = open_it(checkout, "--yes"), open_it(checkout, "--yes")
    assert first.exit_code == second.exit_code == 0
    assert git(checkout, "rev-parse", BRANCH) in git(checkout, "ls-remote", "origin", BRANCH)
    assert [(each["head"]["ref"], each["base"]) for each in hub.pulls] == [(BRANCH, "main")]
    assert "open already" in second.stderr


def test_a_pull_request_of_a_fork_with_a_branch_of_that_name_is_not_taken_for_it(hub, checkout):
    hub.pulls.append(hub.add([], {"head": hub.head(BRANCH, "team/fork"), "base": "main"}, login="mallory"))
    done = open_it(checkout, "--yes")
    assert "It is open now" in done.stderr
    assert [each["head"]["repo"]["full_name"] for each in hub.pulls] == ["team/fork", "team/models"]


def test_one_that_was_opened_although_the_answer_was_lost_is_found(hub, checkout):
    hub.place.lost = 1
    assert open_it(checkout, "--yes").exit_code == 0
    assert len(hub.pulls) == 1


def test_the_words_of_a_commit_are_a_title_and_a_text_and_nothing_else(hub, checkout):
    open_it(checkout, "--yes")
    assert hub.pulls[0]["title"] == "Pin `6`; $(touch stolen)"
    assert "```text\n@team <b>\n```" in hub.pulls[0]["body"]
    assert not (checkout / "stolen").exists()


def test_a_branch_may_be_pushed_first_and_offered_later_from_another_checkout(hub, checkout, tmp_path):
    assert open_it(checkout, "--push-only", "--yes").exit_code == 0
    assert hub.pulls == []
    git(tmp_path, "clone", "--quiet", "remote.git", "later")
    assert open_it(tmp_path / "later", "--yes").exit_code == 0
    assert [each["head"]["ref"] for each in hub.pulls] == [BRANCH]


def test_its_number_is_an_output_of_the_step(hub, checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    open_it(checkout, "--yes")
    name, value, _ = (tmp_path / "output").read_text().splitlines()
    assert (name.partition("<<")[0], value) == ("pull-request", "1")


@pytest.mark.parametrize("branch", ["main", "no-such", "--output=stolen", "a b"])
def test_what_is_no_branch_is_refused(hub, checkout, branch):
    done = CliRunner().invoke(main, ["pull-request", "--project", str(checkout), "--yes", "--", branch])
    assert done.exit_code == 1
    assert hub.pulls == []
    assert "Traceback" not in done.output


def test_one_that_the_remote_refuses_is_not_opened(hub, checkout):
    open_it(checkout, "--push-only", "--yes")
    git(checkout, "commit", "--quiet", "--amend", "--allow-empty", "-m", "another")
    done = open_it(checkout, "--yes")
    assert (done.exit_code, hub.pulls) == (1, [])
    assert "git push fails" in done.stderr
