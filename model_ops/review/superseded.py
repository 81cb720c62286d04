"""Whether main has another version of a stack by now than the commit that a run is about to deploy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model_ops.commands import Commands
from model_ops.errors import StackError
from model_ops.forge.origin import Origin
from model_ops.git.repository import Repository
from model_ops.review.changed import program_changed
from model_ops.review.sides import Side, Sides, stack_of


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What main changed of a stack since the commit that is checked out; nothing, where that is current."""

    stack: str
    commit: str
    main: str
    files: tuple[str, ...]


def standing(project: Path, stack: str, origin: Origin, branch: str) -> Standing:
    """Fetch main and compare; raises GitError where it cannot be had, StackError where the commit has no such stack.

    A commit of a branch of its own, as break-glass deploys, is compared from where it left main on.
    """
    repository = Repository.open(project)
    git, directory = repository.git, repository.inside(project)
    main, head = origin.fetch(branch), git.text("rev-parse", "HEAD^{commit}")
    _require(Side(git, head, directory), stack)
    fork = git.text("merge-base", head, main) if git.agrees("merge-base", head, main) else head
    changed = Sides(Side(git, fork, directory), Side(git, main, directory)).files
    program = set(program_changed(changed))
    files = tuple(file for file in changed if file in program or stack_of(file) == stack)
    return Standing(stack=stack, commit=head, main=main, files=files)


def _require(side: Side, stack: str) -> None:
    """A stack whose file is gone is not deployed again, and what it deployed is not deleted by that."""
    if side.text(f"Pulumi.{stack}.yaml") is None:
        known = ", ".join(side.stacks) or "none"
        raise StackError(
            f"Commit {side.commit[:12]} has no file Pulumi.{stack}.yaml, so that nothing is deployed. "
            f"There is: {known}.\n"
            f"What the stack deployed before is still there. To delete it, in a checkout that has the file: "
            f"{Commands(stack=stack).engine('destroy')}"
        )
