"""Where a pin comes from: the commit that wrote it into the stack file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

from model_ops.errors import GitError, PinError
from model_ops.git import commits
from model_ops.git.command import Git
from model_ops.git.commits import Commit
from model_ops.git.repository import Repository
from model_ops.pinning.pin_text import pinned

HASH = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, kw_only=True)
class PinOrigin:
    """The commit that pinned a version, or the reason why git cannot tell."""

    commit: Commit | None = None
    remark: str | None = None


def commit_of_pin(
    stack_file: Path, model: str, version: int, *, before: datetime | None = None, head: str | None = None
) -> PinOrigin:
    """Find the commit that made `stack_file` pin `version` of `model`; never raises for what git cannot tell.

    It is looked for behind `head`, the commit that the engine recorded; else behind what the branch that is checked
    out was at `before`; else behind what is checked out.
    """
    try:
        repository = Repository.open(stack_file.parent)
        git, path = repository.git, repository.inside(stack_file)
        start = _start(git, before, head)
        touch = _Search(git, model, version).origin(start, _name_at(git, start, path))
        return PinOrigin(commit=commits.read(git, touch.hash, (*repository.mainlines, start)))
    except GitError as error:
        return PinOrigin(remark=str(error))


@dataclass(frozen=True, kw_only=True)
class _Touch:
    """A commit that changed the file: the file's name then, and the commits that did so before it."""

    hash: str
    path: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class _Search:
    git: Git
    model: str
    version: int
    touches: dict[str, _Touch] = field(default_factory=dict)

    def origin(self, start: str, path: str) -> _Touch:
        if self._pins(start, path) is not True:
            raise GitError(f"version {self.version} of {self.model} is not what {path} pins in commit {start[:12]}")
        self.touches.update((touch.hash, touch) for touch in _touches(self.git, start, path))
        made = next((touch for touch in self.touches.values() if self._made(touch)), None)
        if made is None or (not made.parents and self._shallow()):
            raise GitError("the clone is shallow and does not reach back to it. Get the rest: git fetch --unshallow")
        return made

    def _made(self, touch: _Touch) -> bool:
        return self._pins(touch.hash, touch.path) is True and not any(self._had(parent) for parent in touch.parents)

    def _had(self, hash_: str) -> bool:
        """Whether the file pinned the version at a commit; where it cannot be read, whether it did before that."""
        touch = self.touches.get(hash_)
        if touch is None:
            return False
        pins = self._pins(hash_, touch.path)
        return any(self._had(parent) for parent in touch.parents) if pins is None else pins

    def _pins(self, revision: str, path: str) -> bool | None:
        try:
            text = self.git.run("cat-file", "blob", f"{revision}:{path}").decode()
            return pinned(text, self.model) == self.version
        except (PinError, UnicodeDecodeError):
            return None

    def _shallow(self) -> bool:
        return self.git.text("rev-parse", "--is-shallow-repository") == "true"


def _start(git: Git, before: datetime | None, head: str | None) -> str:
    if head is not None:
        if not HASH.fullmatch(head) or not git.agrees("cat-file", "-e", f"{head}^{{commit}}"):
            raise GitError(
                f"commit {head[:12]}, which the update ran on, is not in this clone. Get it: git fetch --all"
            )
        return head
    if before is None:
        return git.text("rev-parse", "--verify", "HEAD^{commit}")
    then = git.text("rev-list", "-1", "--first-parent", f"--before={before.isoformat()}", "HEAD")
    if not then:
        raise GitError(f"no commit here is as old as {before:%Y-%m-%d %H:%M %Z}")
    return then


def _name_at(git: Git, start: str, path: str) -> str:
    """The name that the file had at `start`: it may have been renamed since."""
    for name in chain([path], (touch.path for touch in _touches(git, "HEAD", path))):
        if git.agrees("cat-file", "-e", f"{start}:{name}"):
            return name
    raise GitError(f"{path} is not in commit {start[:12]}")


def _touches(git: Git, start: str, path: str) -> Iterator[_Touch]:
    """The commits that made the file what it is, newest first, across renames.

    git leaves out merged branches that the file took nothing from, and names as parents the nearest that touched it.
    """
    for line in git.lines("rev-list", "--parents", start, "--", path):
        hash_, *parents = line.split()
        old = _renamed_from(git, hash_, path) if not parents else None
        older = [] if old is None else list(_touches(git, f"{hash_}^", old))
        yield _Touch(hash=hash_, path=path, parents=(*parents, *(touch.hash for touch in older[:1])))
        yield from older


def _renamed_from(git: Git, commit: str, path: str) -> str | None:
    words = ("diff-tree", "--no-commit-id", "-r", "-M", "--diff-filter=R", "--name-status", "-z", commit)
    fields = git.text(*words).split("\0")
    renames = zip(fields[1::3], fields[2::3], strict=False)
    return next((old for old, new in renames if new == path), None)
