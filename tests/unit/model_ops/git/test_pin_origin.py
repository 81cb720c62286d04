"""Which commit wrote a pin, and who approved it: in real repositories."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model_ops.git.pin_origin import commit_of_pin
from tests.unit.model_ops.conftest import MODEL, Scratch


def found(scratch: Scratch, version: int, **more: object) -> str | None:
    origin = commit_of_pin(scratch.file, MODEL, version, **more)
    assert (origin.commit is None) == (origin.remark is not None)
    return origin.commit and origin.commit.hash


def test_it_is_the_commit_that_changed_the_pin_and_not_one_that_edited_around_it(scratch: Scratch) -> None:
    scratch.pin(6, day=1)
    seven = scratch.pin(7, day=2)
    scratch.write(7, more="      warmVersions: [6, 7]  # kept ready\n")
    scratch.commit("Keep 6 warm", day=3)
    (scratch.root / "README.md").write_text("unrelated")
    scratch.commit("Write a README", day=4)
    assert found(scratch, 7) == seven
    commit = commit_of_pin(scratch.file, MODEL, 7).commit
    assert commit is not None
    assert (commit.author, commit.email, commit.subject) == ("Author", "author@example.com", "Pin 7")
    assert (commit.date, commit.approved_by) == (datetime(2026, 3, 2, 12, tzinfo=UTC), "not recorded in git")


def test_of_several_that_pinned_a_version_it_is_the_one_in_force_then(scratch: Scratch) -> None:
    commits = [scratch.pin(version, day=day) for day, version in enumerate((7, 6, 7), start=1)]
    assert found(scratch, 7) == commits[2]
    assert found(scratch, 7, head=commits[0]) == commits[0]
    assert found(scratch, 6, before=datetime(2026, 3, 2, 18, tzinfo=UTC)) == commits[1]
    assert found(scratch, 7, before=datetime(2026, 3, 1, 18, tzinfo=UTC)) == commits[0]


def test_a_pin_that_was_not_committed_has_no_commit(scratch: Scratch) -> None:
    scratch.pin(7, day=1)
    head = scratch.pin(6, day=2)
    origin = commit_of_pin(scratch.file, MODEL, 7, head=head)
    assert origin.commit is None
    assert f"version 7 of chatbot is not what Pulumi.prod.yaml pins in commit {head[:12]}" in str(origin.remark)


def test_it_is_found_across_renames(scratch: Scratch) -> None:
    scratch.write(7, name="Pulumi.production.yaml")
    seven = scratch.commit("Pin 7", day=1)
    scratch.git("mv", "Pulumi.production.yaml", "Pulumi.prod.yaml")
    scratch.commit("Rename the stack", day=2)
    assert found(scratch, 7) == seven
    assert found(scratch, 7, head=seven) == seven
    six = scratch.pin(6, day=3)
    assert (found(scratch, 6), found(scratch, 7, head=seven)) == (six, seven)


def test_a_commit_in_which_the_file_cannot_be_read_is_looked_through(scratch: Scratch) -> None:
    seven = scratch.pin(7, day=1)
    scratch.file.write_text("config: [")
    broken = scratch.commit("Break it", day=2)
    scratch.pin(7, day=3)
    assert found(scratch, 7) == seven
    assert found(scratch, 7, head=broken) is None
    scratch.pin(6, day=4)
    scratch.file.write_text("config: [")
    scratch.commit("Break it again", day=5)
    assert found(scratch, 7, head=scratch.pin(7, day=6)) == scratch.git("rev-parse", "HEAD")


def test_a_pin_merged_from_a_branch_is_the_branch_s_commit_approved_by_who_merged_it(scratch: Scratch) -> None:
    scratch.pin(6, day=1)
    scratch.git("switch", "--quiet", "--create", "pin-7")
    seven = scratch.pin(7, day=2)
    scratch.git("switch", "--quiet", "main")
    (scratch.root / "README.md").write_text("meanwhile")
    scratch.commit("Write a README", author="Other", day=3)
    scratch.merge("pin-7", day=4)
    scratch.commit("Go on", author="Other", day=5)
    commit = commit_of_pin(scratch.file, MODEL, 7).commit
    assert commit is not None
    assert (commit.hash, commit.author, commit.approver) == (seven, "Author", "Merger <merger@example.com>")


@pytest.mark.parametrize(
    ("message", "by", "approver"),
    [
        ("Merge", "Author", None),
        ("Merge", "Merger", "Merger <merger@example.com>"),
        ("Merge\n\nReviewed-by: R <r@example.com>", "Author", "R <r@example.com>"),
    ],
)
def test_who_merges_their_own_change_is_no_approver(
    scratch: Scratch, message: str, by: str, approver: str | None
) -> None:
    scratch.pin(6)
    scratch.git("switch", "--quiet", "--create", "pin-7")
    scratch.pin(7, day=2)
    scratch.git("switch", "--quiet", "main")
    scratch.merge("pin-7", message, by=by)
    commit = commit_of_pin(scratch.file, MODEL, 7).commit
    assert commit is not None
    assert commit.approver == approver


def test_trailers_name_the_approver_before_anything_else(scratch: Scratch) -> None:
    scratch.pin(6)
    scratch.git("switch", "--quiet", "--create", "pin-7")
    scratch.write(7)
    scratch.commit("Pin 7\n\nReviewed-by: R <r@example.com>\nApproved-by: A <a@example.com>\nApproved-by: B <b@x.org>")
    scratch.git("switch", "--quiet", "main")
    scratch.merge("pin-7")
    commit = commit_of_pin(scratch.file, MODEL, 7).commit
    assert commit is not None
    assert commit.approver == "A <a@example.com>, B <b@x.org>"


def test_a_commit_on_the_mainline_has_no_merger_though_merges_follow(scratch: Scratch) -> None:
    scratch.pin(7)
    scratch.git("switch", "--quiet", "--create", "other")
    (scratch.root / "README.md").write_text("other")
    scratch.commit("Write a README", day=2)
    scratch.git("switch", "--quiet", "main")
    scratch.merge("other")
    commit = commit_of_pin(scratch.file, MODEL, 7).commit
    assert commit is not None
    assert (commit.subject, commit.approver) == ("Pin 7", None)


def test_a_conflict_solved_in_a_merge_is_that_merge_s_pin(scratch: Scratch) -> None:
    scratch.pin(5)
    scratch.git("switch", "--quiet", "--create", "pin-7")
    scratch.pin(7, day=2)
    scratch.git("switch", "--quiet", "main")
    scratch.pin(6, day=3)
    scratch.git("merge", "--quiet", "--no-commit", "-s", "ours", "pin-7")
    scratch.write(8)
    eight = scratch.commit("Merge with 8", author="Merger", day=4)
    assert found(scratch, 8) == eight


def test_a_shallow_clone_does_not_pass_its_edge_off_as_the_origin(scratch: Scratch, tmp_path: Path) -> None:
    scratch.pin(7)
    (scratch.root / "README.md").write_text("later")
    scratch.commit("Write a README", day=2)
    scratch.git("clone", "--quiet", "--depth", "1", f"file://{scratch.root}", str(tmp_path / "clone"))
    clone = Scratch(tmp_path / "clone")
    origin = commit_of_pin(clone.file, MODEL, 7)
    assert (origin.commit, "git fetch --unshallow" in str(origin.remark)) == (None, True)
    six = clone.pin(6, day=3)
    assert found(clone, 6) == six


@pytest.mark.parametrize("head", ["0" * 40, "--all", "HEAD", ""])
def test_a_recorded_commit_that_is_not_there_is_said(scratch: Scratch, head: str) -> None:
    scratch.pin(7)
    origin = commit_of_pin(scratch.file, MODEL, 7, head=head)
    assert (origin.commit, "is not in this clone" in str(origin.remark)) == (None, True)


def test_without_git_or_a_repository_or_commits_it_is_absent_with_a_remark(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    scratch.pin(7)
    remarks = [commit_of_pin(scratch.file, MODEL, 7, before=old).remark]
    remarks += [commit_of_pin(tmp_path / "Pulumi.prod.yaml", MODEL, 7).remark]
    remarks += [commit_of_pin(scratch.root / "Pulumi.test.yaml", MODEL, 7).remark]
    monkeypatch.setenv("PATH", os.devnull)
    remarks += [commit_of_pin(scratch.file, MODEL, 7).remark]
    wanted = ["no commit here is as old", "is in no git repository", "is not in commit", "no `git` on the PATH"]
    assert [want for want, remark in zip(wanted, remarks, strict=True) if want not in str(remark)] == []
