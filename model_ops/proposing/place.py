"""Where proposals go: the remote and its pull requests, which together say what was proposed before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model_ops.errors import GitError
from model_ops.forge.forge import Forge
from model_ops.forge.origin import Origin
from model_ops.git.repository import Repository


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What there is of a branch already."""

    words: str = ""
    proposed: bool = False
    """A pull request was opened, whatever became of it."""
    pushed: bool = False
    """The branch is at the remote, and no pull request was opened of it."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The repository, its remote, and where its pull requests live; None where nobody may be asked for those."""

    repository: Repository
    origin: Origin
    forge: Forge | None
    base: str
    """The branch that proposals are to be merged into."""

    def standing(self, branch: str) -> Standing:
        """Ask for the branch and its pull requests, closed ones too; raises GitError and ForgeError."""
        found = next(self.forge.pull_requests(branch, closed=True), None) if self.forge else None
        if found is not None:
            return Standing(proposed=True, words=f"it was proposed before: {found.url}")
        if not self.origin.holds(branch):
            return Standing()
        if self.forge is None:
            return Standing(proposed=True, words=f"its branch is at origin: {branch}")
        return Standing(pushed=True)

    def require_current(self, file: Path) -> str:
        """Give the commit of the base, which what is checked out must be a part of; raises GitError where it is not."""
        git = self.repository.git
        base, name = self.origin.fetch(self.base), self.repository.inside(file)
        if not git.agrees("merge-base", "--is-ancestor", "HEAD", base):
            raise GitError(
                f"What is checked out is not in {self.base}, so that a proposal would hold more than the pin.\n"
                f"Go there: git switch {self.base} && git pull"
            )
        if not git.agrees("diff", "--quiet", "HEAD", base, "--", name):
            raise GitError(f"{self.base} has another {file.name} by now. Take it: git pull; then run this again.")
        return base
