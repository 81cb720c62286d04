"""Opens a proposal: commit, branch, pull request, and the review as its text; once, however many runs are at it.

The branch's name is what two runs agree on: git takes it from one of them, and of a branch that is pushed whoever comes
by opens the pull request, unless there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from model_ops.errors import ForgeError, GitError
from model_ops.forge.forge import Forge, Posted
from model_ops.forge.posting import Body
from model_ops.forge.pull_request import open_request, plan_request
from model_ops.pinning.plan import commit_pin
from model_ops.proposing.place import Place
from model_ops.proposing.proposal import Proposal
from model_ops.review.comment import comment
from model_ops.review.sides import Side, Sides
from model_ops.review.survey import survey

Tell = Callable[[str], None]


def open_proposal(place: Place, forge: Forge, proposal: Proposal, project: Path, tell: Tell) -> Posted | None:
    """Push and open it; None where another run has pushed the branch meanwhile and is about to.

    Raises GitError where the remote or the repository refuses, ForgeError where the place of the pull requests does.
    """
    base = place.require_current(proposal.plan.edit.path)
    if not proposal.pushed and not _push(place, proposal, tell):
        return None
    commit = place.origin.fetch(proposal.branch)
    tell(f"reviewing {proposal.branch}")
    text = _review(place, project, proposal.plan.stack, base, commit)
    request = plan_request(place.origin, proposal.branch, place.base, proposal.plan.message, Body(text=text))
    tell("opening the pull request")
    try:
        return open_request(forge, request)[0]
    except ForgeError:
        # Another run that found the branch pushed may have been the quicker.
        if found := next(forge.pull_requests(proposal.branch), None):
            return found
        raise


def _push(place: Place, proposal: Proposal, tell: Tell) -> bool:
    """Commit and push; False where another run was the quicker."""
    _commit(place, proposal)
    tell(f"pushing {proposal.branch}")
    try:
        place.origin.push(proposal.branch)
    except GitError:
        if place.origin.holds(proposal.branch):
            return False
        raise
    return True


def _commit(place: Place, proposal: Proposal) -> None:
    """Commit the pin on its branch, or take the commit of a run in this clone that came no further, or is at it."""
    try:
        commit_pin(proposal.plan, proposal.branch)
    except GitError:
        if not _is_committed(place, proposal):
            raise


def _is_committed(place: Place, proposal: Proposal) -> bool:
    git, edit = place.repository.git, proposal.plan.edit
    left = f"refs/heads/{proposal.branch}:{place.repository.inside(edit.path)}"
    return git.agrees("cat-file", "-e", left) and git.run("cat-file", "blob", left) == edit.after


def _review(place: Place, project: Path, stack: str, base: str, commit: str) -> str:
    git, directory = place.repository.git, place.repository.inside(project)
    fork = git.text("merge-base", base, commit)
    sides = Sides(Side(git, fork, directory), Side(git, commit, directory))
    return comment(survey(sides, project, place.base, [stack]))
