"""A commit on a branch of its own: exactly the contents given, and nothing else disturbed. In real repositories."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from model_ops.errors import GitError
from model_ops.git.repository import Repository
from tests.unit.model_ops.conftest import Scratch
from tests.unit.model_ops.git.conftest import state


def test_the_branch_holds_the_contents_and_nothing_else_changes(scratch: Scratch, repository: Repository) -> None:
    (scratch.root / "untracked").write_text("mine")
    scratch.file.write_text("edited, not committed")
    before = state(scratch)
    commit = repository.commit_on_branch("pin/chatbot-6", {scratch.file: b"six\r\n"}, "Pin 6\n\nWhy.\n")
    assert state(scratch) == before
    assert scratch.git("rev-parse", "pin/chatbot-6", "pin/chatbot-6^") == f"{commit.hash}\n{before[2][1]}"
    assert scratch.git("diff", "--name-only", "main", "pin/chatbot-6") == "Pulumi.prod.yaml"
    assert repository.git.run("cat-file", "blob", "pin/chatbot-6:Pulumi.prod.yaml") == b"six\r\n"
    assert (commit.subject, commit.author, commit.email) == ("Pin 6", "Operator", "operator@example.com")


def test_modes_are_kept_and_new_files_in_new_folders_are_plain(scratch: Scratch, repository: Repository) -> None:
    scratch.file.chmod(0o755)
    scratch.commit("Make it executable")
    files = {scratch.file: b"six\n", scratch.root / "new" / "a b[1].yaml": b"x\n"}
    repository.commit_on_branch("b", files, "Pin 6")
    listed = scratch.git("ls-tree", "-r", "b").splitlines()
    assert [(line.split()[0], line.partition("\t")[2]) for line in listed] == [
        ("100755", "Pulumi.prod.yaml"),
        ("100644", "new/a b[1].yaml"),
    ]


def test_the_link_to_a_file_leads_to_the_file(scratch: Scratch, repository: Repository) -> None:
    (scratch.root / "link.yaml").symlink_to("Pulumi.prod.yaml")
    scratch.commit("Link it")
    repository.commit_on_branch("b", {scratch.root / "link.yaml": b"six\n"}, "Pin 6")
    assert scratch.git("diff", "--name-only", "main", "b") == "Pulumi.prod.yaml"


def test_line_ends_are_stored_as_git_add_would(scratch: Scratch, repository: Repository) -> None:
    (scratch.root / ".gitattributes").write_text("*.yaml text eol=crlf\n")
    scratch.commit("Say how lines end")
    repository.commit_on_branch("b", {scratch.file: b"a\r\nb\r\n"}, "Pin 6")
    assert repository.git.run("cat-file", "blob", "b:Pulumi.prod.yaml") == b"a\nb\n"


@pytest.mark.parametrize("branch", ["", "a b", "-x", "a..b", "HEAD", "@{-1}", "x.lock", "refs/heads/../x"])
def test_what_is_no_name_for_a_branch_is_refused(scratch: Scratch, repository: Repository, branch: str) -> None:
    scratch.git("switch", "--quiet", "--create", "other")
    objects = scratch.git("count-objects")
    with pytest.raises(GitError, match="is no name for a branch"):
        repository.commit_on_branch(branch, {scratch.file: b"six\n"}, "Pin 6")
    assert scratch.git("count-objects") == objects


@pytest.mark.parametrize(("branch", "words"), [("taken", "is a branch taken already"), ("taken/too", "update-ref")])
def test_a_branch_that_exists_is_refused_and_kept(
    scratch: Scratch, repository: Repository, branch: str, words: str
) -> None:
    scratch.git("branch", "taken")
    with pytest.raises(GitError, match=words):
        repository.commit_on_branch(branch, {scratch.file: b"six\n"}, "Pin 6")
    assert scratch.git("for-each-ref", "--format=%(refname)") == "refs/heads/main\nrefs/heads/taken"
    assert scratch.git("rev-parse", "taken") == scratch.git("rev-parse", "main")


def test_of_two_that_make_one_branch_at_once_one_does(scratch: Scratch, repository: Repository) -> None:
    made: list[str] = []
    refused: list[str] = []

    def commit(content: bytes) -> None:
        try:
            made.append(repository.commit_on_branch("race", {scratch.file: content}, "Pin").hash)
        except GitError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=commit, args=(f"{number}\n".encode(),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 3)
    assert scratch.git("rev-parse", "race") == made[0]


def test_hooks_do_not_run_and_another_repository_s_variables_do_not_lead_away(
    scratch: Scratch, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("reference-transaction", "post-index-change", "pre-commit", "commit-msg", "post-commit"):
        hook = scratch.root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\ntouch ran\nexit 1\n")
        hook.chmod(0o755)
    monkeypatch.setenv("GIT_DIR", os.devnull)
    monkeypatch.setenv("GIT_INDEX_FILE", os.devnull)
    repository.commit_on_branch("b", {scratch.file: b"six\n"}, "Pin 6")
    assert Repository.open(scratch.root).require_clean_branch() == "main"
    assert not (scratch.root / "ran").exists()


def test_a_commit_is_signed_where_the_settings_say_so_and_fails_where_it_cannot_be(
    scratch: Scratch, repository: Repository, tmp_path: Path
) -> None:
    signer = tmp_path / "gpg"
    signer.write_text("#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho SIGNATURE\n")
    signer.chmod(0o755)
    scratch.git("config", "gpg.program", str(signer))
    scratch.git("config", "commit.gpgsign", "yes")
    repository.commit_on_branch("signed", {scratch.file: b"six\n"}, "Pin 6")
    assert "gpgsig SIGNATURE" in scratch.git("cat-file", "commit", "signed")
    signer.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(GitError, match="gpg failed to sign"):
        repository.commit_on_branch("unsigned", {scratch.file: b"six\n"}, "Pin 6")
    assert scratch.git("branch", "--list", "unsigned") == ""


def test_what_is_committed_already_or_lies_elsewhere_is_refused(
    scratch: Scratch, repository: Repository, tmp_path: Path
) -> None:
    for file, content, words in (
        (scratch.file, scratch.file.read_bytes(), "nothing to commit"),
        (tmp_path / "Pulumi.prod.yaml", b"six\n", "is not in the repository"),
    ):
        with pytest.raises(GitError, match=words):
            repository.commit_on_branch("b", {file: content}, "Pin 6")
    assert scratch.git("branch", "--list", "b") == ""


KILLED = """\
import sys
import tempfile
from pathlib import Path
from model_ops.git.repository import Repository
root, branch = Path(sys.argv[1]), sys.argv[2]
for number in range(10**6):
    files = {root / "Pulumi.prod.yaml": f"{branch}{number}\\n".encode()}
    Repository.open(root).commit_on_branch(f"{branch}{number}", files, "Pin")
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_leaves_whole_branches_and_all_else_as_it_was(
    scratch: Scratch, repository: Repository
) -> None:
    before = state(scratch)
    for branch in ("a", "b", "c", "d", "e"):
        command = [sys.executable, "-c", KILLED, str(scratch.root), branch]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"0\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(random.uniform(0.0, 0.1))
            os.killpg(child.pid, signal.SIGKILL)
        assert state(scratch) == before
    made = scratch.git("for-each-ref", "--format=%(refname:short)", "refs/heads/[a-e]*").splitlines()
    assert {branch[0] for branch in made} == {"a", "b", "c", "d", "e"}
    assert [branch for branch in made if scratch.git("show", f"{branch}:Pulumi.prod.yaml") != branch] == []
    scratch.git("fsck", "--strict")


def test_a_commit_s_message_shows_what_a_terminal_would_obey(scratch: Scratch, repository: Repository) -> None:
    scratch.pin(7)

    commit = repository.commit_on_branch("pin", {scratch.file: b"config: {}\n"}, "Pin 6 of a\x1b[2J\u202eb\n\nwhy\x07")

    assert commit.subject == r"Pin 6 of a\x1b[2J\u202eb"
    assert scratch.git("log", "-1", "--format=%b", "pin").strip() == r"why\x07"


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("fatal: unable to write loose object file: No space left on device", "Make room there, then run this again"),
        ("error: insufficient permission for adding an object to repository database", "See who may write there"),
        ("error: unable to create temporary file: Read-only file system", "Work in a clone that can be written to"),
    ],
)
def test_what_the_disk_refuses_git_is_told_with_what_to_type(
    scratch: Scratch, repository: Repository, monkeypatch: pytest.MonkeyPatch, said: str, mend: str
) -> None:
    """The words are git's own, as it says them on a full and on a read-only disk."""
    real = shutil.which("git")
    refusing = scratch.root.parent / "refusing"
    refusing.mkdir()
    script = f'#!/bin/sh\ncase "$*" in *hash-object*) echo \'{said}\' >&2; exit 128;; esac\nexec {real} "$@"\n'
    (refusing / "git").write_text(script)
    (refusing / "git").chmod(0o755)
    before = state(scratch)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{refusing}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(GitError) as refused:
            repository.commit_on_branch("pin/chatbot-6", {scratch.file: b"six\n"}, "Pin 6")
    assert str(refused.value).splitlines()[0] == f"git hash-object fails in {scratch.root}: {said}"
    assert str(refused.value).splitlines()[1].startswith(mend)
    assert state(scratch) == before
    assert scratch.git("branch", "--list", "pin/*") == ""


def test_where_git_can_store_nothing_no_branch_comes_into_being(scratch: Scratch, repository: Repository) -> None:
    objects = scratch.root / ".git" / "objects"
    for number in range(256):
        if not (objects / f"{number:02x}").exists():
            (objects / f"{number:02x}").touch()
    before = state(scratch)
    with pytest.raises(GitError, match=r"git (hash-object|write-tree|commit-tree) fails in"):
        repository.commit_on_branch("pin/chatbot-6", {scratch.file: b"six\n"}, "Pin 6")
    assert state(scratch) == before
    assert scratch.git("branch", "--list", "pin/*") == ""


def test_without_a_place_for_temporary_files_nothing_is_committed(
    scratch: Scratch, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(scratch.root / "Pulumi.prod.yaml"))
    with pytest.raises(GitError, match=r"^Nothing is committed\. .* cannot be used: Not a directory\. See what stands"):
        repository.commit_on_branch("pin/chatbot-6", {scratch.file: b"six\n"}, "Pin 6")
    assert scratch.git("branch", "--list", "pin/*") == ""
