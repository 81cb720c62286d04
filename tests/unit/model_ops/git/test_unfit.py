"""A repository that nothing can be committed to is refused as it is, with what to type."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from model_ops.errors import GitError
from model_ops.git.repository import Repository
from tests.unit.model_ops.conftest import Scratch
from tests.unit.model_ops.git.conftest import state


def stuck(scratch: Scratch, *words: str) -> None:
    """Leave a command of git's in the midst of a conflict."""
    with pytest.raises(subprocess.CalledProcessError):
        scratch.git(*words)


def diverged(scratch: Scratch) -> None:
    scratch.git("switch", "--quiet", "--create", "other")
    scratch.pin(6)
    scratch.git("switch", "--quiet", "main")
    scratch.pin(5)


UNFIT: dict[str, tuple[Callable[[Scratch], object], str]] = {
    "changes": (lambda s: s.write(6), r"not committed: Pulumi\.prod\.yaml\. Commit them: .*git stash"),
    "staged": (lambda s: (s.write(6), s.git("add", ".")), "not committed"),
    "deleted": (lambda s: s.file.unlink(), "not committed"),
    "detached": (lambda s: s.git("switch", "--quiet", "--detach"), "no branch is checked out .*git switch"),
    "merge": (lambda s: (diverged(s), stuck(s, "merge", "other")), "a merge is under way.*git merge --abort"),
    "rebase": (lambda s: (diverged(s), stuck(s, "rebase", "other")), "a rebase is under way.*git rebase --abort"),
    "pick": (lambda s: (diverged(s), stuck(s, "cherry-pick", "other")), "a cherry-pick is under way"),
    "revert": (lambda s: (s.pin(6), s.pin(5), stuck(s, "revert", "HEAD~1")), "a revert is under way"),
    "bisect": (lambda s: s.git("bisect", "start"), "a bisection is under way.*git bisect reset"),
    "nameless": (lambda s: s.git("config", "--unset", "user.name"), "git config --global user.name"),
    "no email": (lambda s: s.git("config", "--unset", "user.email"), "git config --global user.name"),
}


@pytest.mark.parametrize(("spoil", "words"), UNFIT.values(), ids=UNFIT)
def test_a_repository_that_is_not_fit_is_refused_with_what_to_type(
    scratch: Scratch, repository: Repository, spoil: Callable[[Scratch], object], words: str
) -> None:
    assert repository.require_clean_branch() == "main"
    spoil(scratch)
    before = state(scratch)
    with pytest.raises(GitError, match=words):
        repository.require_clean_branch()
    assert state(scratch) == before


def test_without_a_commit_yet_nothing_can_be_based_on_it(scratch: Scratch) -> None:
    repository = Repository.open(scratch.root)
    for attempt in (repository.require_clean_branch, lambda: repository.commit_on_branch("b", {scratch.file: b""}, "")):
        with pytest.raises(GitError, match="has no commit yet"):
            attempt()


def test_files_that_git_does_not_track_do_no_harm(scratch: Scratch, repository: Repository) -> None:
    (scratch.root / "notes").write_text("mine")
    assert repository.require_clean_branch() == "main"


def test_a_folder_of_the_repository_opens_it_and_any_other_place_is_refused(
    scratch: Scratch, repository: Repository, tmp_path: Path
) -> None:
    (scratch.root / "infra").mkdir()
    assert Repository.open(scratch.root / "infra").root == scratch.root
    for place, words in (
        (tmp_path, "is in no git repository.*git init"),
        (tmp_path / "gone", "is no directory"),
        (scratch.file, "is no directory"),
    ):
        with pytest.raises(GitError, match=words):
            Repository.open(place)


def test_without_git_the_message_says_what_to_install(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(GitError, match="no `git` on the PATH"):
        Repository.open(scratch.root)
