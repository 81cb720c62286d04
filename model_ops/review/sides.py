"""The two sides of a change, read from git's objects: what is in the work tree has no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from model_ops.errors import GitError
from model_ops.git.command import Git
from model_ops.git.repository import Repository
from model_ops.stack_name import STACK_NAME

LARGEST = 1_000_000
"""Bytes of a stack file that are read at most; the program's own reader takes a quarter of it."""
MODES = {"120000": "a symbolic link", "160000": "a submodule", "040000": "a directory"}
"""What git has at a path besides files, by its mode."""


@dataclass(frozen=True)
class Side:
    """The project as one commit has it."""

    git: Git
    commit: str
    directory: str
    """Of the project inside the repository; `.` for its top."""

    def text(self, name: str) -> str | None:
        """The text of a file of the project; None where the commit has no such file, or it is no plain text."""
        return self._read(name)[0]

    def instead(self, name: str) -> str | None:
        """What is at a path where a text should be, in words; None where that is a text, or nothing is there."""
        return self._read(name)[1]

    def _read(self, name: str) -> tuple[str | None, str | None]:
        """The text at a path, or what is there instead. A link is not followed: it may lead anywhere."""
        path = str(PurePosixPath(self.directory) / name)
        entry = self.git.text("ls-tree", "-l", "-z", self.commit, "--", path).rstrip("\0").partition("\t")[0]
        if not entry:
            return None, None
        mode, _, key, size = entry.split()
        if mode in MODES:
            return None, MODES[mode]
        if int(size) > LARGEST:
            return None, f"a file of {int(size):,} bytes"
        try:
            return self.git.run("cat-file", "blob", key).decode(), None
        except (GitError, UnicodeDecodeError):
            return None, "a file that is no text in UTF-8"

    @cached_property
    def stacks(self) -> tuple[str, ...]:
        """Every stack that has a file in the commit, by name."""
        listed = self.git.run("ls-tree", "-z", "--name-only", f"{self.commit}:{_folder(self.directory)}")
        names = (stack_of(name) for name in listed.decode(errors="replace").split("\0"))
        return tuple(sorted(name for name in names if name))


@dataclass(frozen=True)
class Sides:
    """What the change is made from, and what it comes to."""

    before: Side
    after: Side

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files of the project that differ, by their paths in it; of one that was renamed both names."""
        words = ("diff", "--name-only", "--no-renames", "-z", "--relative", self.before.commit, self.after.commit, "--")
        directory = self.after.git.directory / self.after.directory
        listed = Git(directory).run(*words)
        return tuple(name for name in listed.decode(errors="surrogateescape").split("\0") if name)

    @cached_property
    def uncommitted(self) -> tuple[str, ...]:
        """The stack files of the work tree that differ from the commit: they are not in the review."""
        words = ("diff", "--name-only", "--no-renames", "-z", "--relative", "HEAD", "--")
        listed = Git(self.after.git.directory / self.after.directory).run(*words)
        return tuple(name for name in listed.decode(errors="replace").split("\0") if stack_of(name))


def open_sides(project: Path, base: str) -> Sides:
    """Find what HEAD changes since it left `base`; raises GitError where git does not know that, with what to type."""
    repository = Repository.open(project)
    git = repository.git
    directory = repository.inside(project)
    if base.startswith("-") or not git.agrees("rev-parse", "--verify", "--quiet", f"{base}^{{commit}}"):
        raise GitError(_unknown(git, base))
    head = git.text("rev-parse", "--verify", "HEAD^{commit}")
    if not git.agrees("merge-base", base, head):
        raise GitError(_unrelated(git, base))
    fork = git.text("merge-base", base, head)
    return Sides(Side(git, fork, directory), Side(git, head, directory))


def stack_of(path: str) -> str | None:
    """The stack whose file is at a path of the project: of `Pulumi.prod.yaml` it is `prod`; None of any other path."""
    if not (path.startswith("Pulumi.") and path.endswith(".yaml")):
        return None
    name = path.removeprefix("Pulumi.").removesuffix(".yaml")
    return name if STACK_NAME.fullmatch(name) and path != "Pulumi.yaml" else None


def _folder(directory: str) -> str:
    return "" if directory == "." else f"{directory}/"


def _shallow(git: Git) -> bool:
    return git.text("rev-parse", "--is-shallow-repository") == "true"


def _unknown(git: Git, base: str) -> str:
    also = " This clone is shallow: git fetch --unshallow brings the rest." if _shallow(git) else ""
    return (
        f"git knows no commit {base!r} here, to compare with.{also}\n"
        "Fetch it: git fetch origin; then name it as git does: --base origin/main"
    )


def _unrelated(git: Git, base: str) -> str:
    if _shallow(git):
        return (
            f"The clone is shallow, and does not reach back to where HEAD left {base}.\n"
            "Get the rest: git fetch --unshallow (in a workflow: fetch-depth: 0)"
        )
    return f"HEAD and {base} have no commit in common, so that nothing can be compared.\nName another: --base REF"
