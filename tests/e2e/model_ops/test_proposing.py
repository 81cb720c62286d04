"""`propose`: one pull request for a version, whoever runs it and how often; and none for a version that is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from mlflow.webhooks.delivery import _generate_hmac_signature

from model_ops.cli import main
from rehearsal.training import train
from tests.documents import shown
from tests.e2e.delivery import github_api
from tests.e2e.delivery.github_api import REPOSITORY, GitHubApi
from tests.e2e.model_ops.workplace import FULL_NAME, MODEL, Workplace, open_workplace

THIS = "tests/e2e/model_ops/test_proposing.py"
BRANCH = f"propose/local/{MODEL}-v3"
QUICK = "--no-load"
SECRET = "a-secret-of-the-tests"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, unsigned: None) -> Iterator[Workplace]:
    """A checkout that pins version 1, with a second version and a third that does not load where it is served."""
    with open_workplace(tmp_path_factory.mktemp("proposing")) as place:
        train(place.home, place.stack.target().models[MODEL], "6,7,9")
        place.serve(1)
        yield place


@pytest.fixture
def github(checkout: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubApi]:
    """An empty GitHub and a remote that has nothing but main, both for one test."""
    remote = tmp_path / "remote.git"
    checkout.git("init", "--quiet", "--bare", str(remote))
    checkout.git("remote", "add", "origin", str(remote))
    checkout.git("push", "--quiet", "origin", "main")
    with github_api.serving() as api:
        monkeypatch.setenv("GITHUB_TOKEN", api.grant({"pull-requests": "write", "contents": "write"}))
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_API_URL", api.url)
        yield api
    checkout.git("remote", "remove", "origin")
    for branch in checkout.git("branch", "--list", "propose/*", "--format=%(refname:short)").splitlines():
        checkout.git("branch", "--quiet", "-D", branch)


def propose(place: Workplace, *words: str, event: object = None) -> Result:
    named = ["propose", "--stack", "local", "--project", str(place.directory), *words]
    text = json.dumps(event) if event is not None else None
    return CliRunner().invoke(main, named, input=text, catch_exceptions=False)


def pulls(api: GitHubApi) -> list[dict[str, Any]]:
    return [each for each in api.issues.values() if "pull_request" in each]


def branches(place: Workplace) -> list[str]:
    return [line.rpartition("refs/heads/")[2] for line in place.git("ls-remote", "--heads", "origin").splitlines()]


def created(version: object, model: str = FULL_NAME) -> dict[str, object]:
    return {"entity": "model_version", "action": "created", "data": {"name": model, "version": str(version)}}


def test_without_yes_it_shows_what_it_would_open_and_nothing_is_pushed(checkout: Workplace, github: GitHubApi) -> None:
    result = propose(checkout, QUICK)

    assert result.exit_code == 0
    assert f"Pin version 3 of {MODEL} in local (was 1), on branch {BRANCH}" in result.stdout
    assert "-      servedVersion: 1\n+      servedVersion: 3" in result.stdout
    assert "Nothing is pushed or opened yet" in result.stderr
    assert (pulls(github), branches(checkout)) == ([], ["main"])


def test_two_runs_open_one_pull_request_and_its_text_is_the_review(checkout: Workplace, github: GitHubApi) -> None:
    first, second = propose(checkout, QUICK, "--yes"), propose(checkout, QUICK, "--yes")
    (pull,) = pulls(github)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert pull["html_url"] in first.stdout
    assert f"version 3: it was proposed before: {pull['html_url']}" in second.stderr
    assert (pull["title"], pull["head"]["ref"]) == (f"Pin version 3 of {MODEL} in local (was 1)", BRANCH)
    assert "1 → 3" in pull["body"]
    assert checkout.git("diff", "--numstat", f"main..origin/{BRANCH}").split()[:2] == ["1", "1"]


def test_what_was_proposed_and_closed_is_not_proposed_again(checkout: Workplace, github: GitHubApi) -> None:
    github.open("pull", github_api.BOT, title="Pin version 3", head=github_api.head(BRANCH))["state"] = "closed"
    result = propose(checkout, QUICK, "--yes")

    assert (result.exit_code, "it was proposed before" in result.stderr) == (0, True)
    assert (len(pulls(github)), branches(checkout)) == (1, ["main"])


def test_two_at_once_open_one_pull_request(checkout: Workplace, github: GitHubApi) -> None:
    words = ["propose", "--stack", "local", "--project", str(checkout.directory), QUICK, "--yes"]
    command = [sys.executable, "-m", "model_ops.cli", *words]
    runs = [subprocess.Popen(command, env=os.environ.copy(), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=300)[1] for run in runs]

    assert [run.returncode for run in runs] == [0, 0], said
    assert len(pulls(github)) == 1


def test_a_run_that_ended_between_push_and_opening_is_finished_by_the_next(
    checkout: Workplace, github: GitHubApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GITHUB_TOKEN", github.grant({"pull-requests": "read", "contents": "write"}))
        assert propose(checkout, QUICK, "--yes").exit_code == 1
    assert (pulls(github), BRANCH in branches(checkout)) == ([], True)
    checkout.git("branch", "--quiet", "-D", BRANCH)  # the next run is in another clone

    assert propose(checkout, QUICK, "--yes").exit_code == 0
    assert [each["head"]["ref"] for each in pulls(github)] == [BRANCH]


def test_a_version_that_check_refuses_is_passed_over_and_the_one_before_it_is_proposed(
    checkout: Workplace, github: GitHubApi
) -> None:
    result = propose(checkout, "--yes")

    assert result.exit_code == 0
    assert "Version 3 of " in result.stderr
    assert "the retrieval index" in result.stderr
    assert [each["head"]["ref"] for each in pulls(github)] == [f"propose/local/{MODEL}-v2"]


@pytest.mark.parametrize(
    ("version", "why"), [("1", "it is pinned already"), ("9", "it does not exist"), ("3", "the retrieval index")]
)
def test_a_version_that_an_event_names_and_that_is_refused_ends_with_1(
    checkout: Workplace, github: GitHubApi, version: str, why: str
) -> None:
    result = propose(checkout, "--event", "-", "--yes", event=created(version))

    assert (result.exit_code, why in result.stderr) == (1, True), result.stderr
    assert pulls(github) == []


def test_an_event_of_another_model_is_none_of_ours(checkout: Workplace, github: GitHubApi) -> None:
    result = propose(checkout, "--event", "-", "--yes", event=created(2, "local.chatbot.fraud"))

    assert (result.exit_code, "None serves local.chatbot.fraud" in result.stderr) == (0, True)
    assert pulls(github) == []


def test_an_event_counts_once_it_is_signed(
    checkout: Workplace, github: GitHubApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_OPS_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    signature = _generate_hmac_signature(SECRET, "d-1", "1800000000", json.dumps(created(2)))
    values = iter([signature, "d-1", "1800000000"])
    ((_, *words),) = shown.commands(THIS)
    signed = [word.replace("…", next(values)) if "…" in word else word for word in words]
    unsigned = propose(checkout, QUICK, "--event", "-", "--yes", event=created(2))

    assert (unsigned.exit_code, "the event is not signed" in unsigned.stderr, pulls(github)) == (1, True, [])
    result = propose(checkout, QUICK, *signed, event=created(2))
    assert (result.exit_code, len(pulls(github))) == (0, 1), result.stderr


def test_what_is_checked_out_beside_main_is_not_offered_with_it(checkout: Workplace, github: GitHubApi) -> None:
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "Not on main yet")
    result = propose(checkout, QUICK, "--yes")
    checkout.git("reset", "--quiet", "--hard", "origin/main")

    assert (result.exit_code, "would hold more than the pin" in result.stderr) == (1, True)
    assert (pulls(github), branches(checkout)) == ([], ["main"])
