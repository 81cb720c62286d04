"""A branch as a pull request: pushed, and offered once."""

from __future__ import annotations

from dataclasses import dataclass

from model_ops.commands import program
from model_ops.errors import GitError
from model_ops.forge.forge import Forge, Posted
from model_ops.forge.origin import Origin
from model_ops.forge.posting import Body, once
from model_ops.forge.text import one_line
from model_ops.git import commits


@dataclass(frozen=True, kw_only=True)
class RequestPlan:
    """What a pull request is to be; nothing is pushed or opened yet."""

    branch: str
    base: str
    commit: str
    title: str
    body: Body


def plan_request(origin: Origin, branch: str, base: str, title: str | None, body: Body | None) -> RequestPlan:
    """Look the branch up; the commit's own words stand in for a title or a text. Raises GitError where it is none."""
    if not origin.git.agrees("check-ref-format", "--branch", branch) or branch in {base, "HEAD"}:
        raise GitError(f"{branch!r} is no branch to open a pull request of. Name one: {program()} pull-request BRANCH")
    found = commits.read(origin.git, origin.commit(branch))
    said = origin.git.text("log", "-1", "--no-show-signature", "--format=%b", found.hash, "--").strip()
    return RequestPlan(
        branch=branch,
        base=base,
        commit=found.hash,
        title=one_line(title or found.subject),
        body=body or Body(text=said, plain=bool(said)),
    )


def open_request(forge: Forge, plan: RequestPlan) -> tuple[Posted, bool]:
    """Open the pull request of a branch that is pushed, or give the one that is open. Raises ForgeError."""

    def found() -> Posted | None:
        return next(forge.pull_requests(plan.branch), None)

    if there := found():
        return there, False
    text = plan.body.marked("", forge.request_limit)
    return once(found, lambda: forge.open_pull_request(plan.branch, plan.base, plan.title, text)), True
