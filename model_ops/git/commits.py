"""A commit as an auditor wants it: what it is, who wrote it, and who approved it as far as git knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from model_ops.git.command import Git

FORMAT = "%x00".join(
    ["%H", "%aN", "%aE", "%aI", "%cN", "%cE", "%s"]
    + [f"%(trailers:key={key},valueonly,unfold,separator=%x2C%x20)" for key in ("Approved-by", "Reviewed-by")]
)
NOBODY = "noreply@github.com"
"""The committer of what was merged on GitHub's pages: the site, and no person."""


@dataclass(frozen=True, kw_only=True)
class Commit:
    """One commit, its author and its approver; the date is the author's, in UTC."""

    hash: str
    author: str
    email: str
    date: datetime
    subject: str
    approver: str | None = None
    """From its trailers `Approved-by` or `Reviewed-by`, or who merged it; None where git records neither."""

    @property
    def approved_by(self) -> str:
        """The approver in words."""
        return self.approver or "not recorded in git"


@dataclass(frozen=True, kw_only=True)
class _Record:
    """What git itself says of a commit."""

    commit: Commit
    committer: str
    committer_email: str
    approved: str
    reviewed: str


def read(git: Git, revision: str, tips: Iterable[str] = ()) -> Commit:
    """Read a commit; who merged it is looked up on the first of `tips` that contains it. Raises GitError."""
    record = _record(git, revision)
    merge = _merge(git, record.commit.hash, tips)
    approver = _signed(record) or (merge and (_signed(merge) or _merger(merge, record.commit.email)))
    return Commit(**{**vars(record.commit), "approver": approver})


def _record(git: Git, revision: str) -> _Record:
    words = ("log", "-1", "--no-show-signature", "--no-color", "--encoding=UTF-8", f"--format={FORMAT}", revision, "--")
    fields = git.run(*words).decode(errors="replace").removesuffix("\n").split("\0")
    hash_, author, email, date, committer, committer_email, subject, approved, reviewed = fields
    moment = datetime.fromisoformat(date).astimezone(UTC)
    return _Record(
        commit=Commit(hash=hash_, author=author, email=email, date=moment, subject=subject),
        committer=committer,
        committer_email=committer_email,
        approved=approved,
        reviewed=reviewed,
    )


def _signed(record: _Record) -> str | None:
    return record.approved or record.reviewed or None


def _merger(merge: _Record, author: str) -> str | None:
    """Who made the merge: its author or its committer, whoever is not the author of what it merged."""
    people = [(merge.commit.author, merge.commit.email), (merge.committer, merge.committer_email)]
    others = (f"{name} <{email}>" for name, email in people if email.lower() not in {author.lower(), NOBODY})
    return next(others, None)


def _merge(git: Git, commit: str, tips: Iterable[str]) -> _Record | None:
    """The merge that brought `commit` into the mainline; None where it was made there, or is not in it."""
    containing = (tip for tip in tips if git.agrees("merge-base", "--is-ancestor", commit, tip))
    if (tip := next(containing, None)) is None:
        return None
    mainline = git.lines("rev-list", "--first-parent", f"{commit}..{tip}")
    if not mainline or git.text("rev-list", "--parents", "-1", mainline[-1]).split()[1:2] == [commit]:
        return None
    descendants = set(git.lines("rev-list", "--ancestry-path", f"{commit}..{tip}"))
    return _record(git, next(each for each in reversed(mainline) if each in descendants))
