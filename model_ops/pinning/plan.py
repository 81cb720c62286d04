"""Plans a pin: the version checked, the one line that changes, and whether going there is a change of traffic alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from model_ops import printable
from model_ops.checks.check import check_version
from model_ops.checks.report import CheckReport
from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import CheckError, PlanError
from model_ops.git.commits import Commit
from model_ops.git.repository import Repository
from model_ops.pinning import pins, program
from model_ops.pinning.file_edit import FileEdit
from model_ops.served import is_ready
from model_ops.target import TargetModel


@dataclass(frozen=True, kw_only=True)
class PinPlan:
    """A pin that is planned and not yet written."""

    stack: str
    model: str
    edit: pins.PinEdit
    report: CheckReport
    warm: bool
    """The version is deployed and ready: going there changes the traffic and builds nothing."""
    commands: Commands
    """What to type next for the model."""
    reason: str = ""
    """Why this version, where nobody named it."""

    @property
    def changes(self) -> bool:
        """False where the file pins the version already."""
        return self.edit.before != self.edit.after

    @property
    def message(self) -> str:
        """The subject of a commit that holds it."""
        was = f" (was {self.edit.old})" if self.edit.old else ""
        canary = ", which was its canary" if self.edit.promotes_canary else ""
        return printable.line(f"Pin version {self.edit.new} of {self.model} in {self.stack}{canary}{was}")


def plan_pin(
    stack: DeployedStack,
    model: TargetModel,
    number: int,
    *,
    loading: bool = True,
    accept: Collection[str] = (),
    reason: str = "",
) -> PinPlan:
    """Plan to pin version `number` in the stack's file, which is not touched.

    Without `loading` it is not loaded here; the failed checks named in `accept` do not speak against it. Whether the
    checks passed is in the plan. Raises PinError where the file cannot hold the pin, or the program would refuse the
    file with it; and WorkspaceError.
    """
    if model.retired:
        raise PlanError(f"{model.name} is retired, so that no pin of it is deployed. To serve it, {stack.revival}")
    edit = pins.plan(stack.file, model.name, number)
    program.require_taken(edit, stack.name)
    report = check_version(stack, model, number, loading=loading).accepting(accept)
    endpoint = stack.workspace.endpoint(model.endpoint_name)
    return PinPlan(
        stack=stack.name,
        model=model.name,
        edit=edit,
        report=report,
        warm=endpoint is not None and is_ready(endpoint, model.full_name, number),
        commands=stack.commands_for(model),
        reason=reason,
    )


class Planned(Protocol):
    """A change of what a stack's file says is deployed, checked and not yet written."""

    @property
    def edit(self) -> FileEdit:
        """The file as it is and as it will be."""

    @property
    def report(self) -> CheckReport:
        """What the checks found."""

    @property
    def message(self) -> str:
        """The subject of a commit that holds it."""


def apply_pin(plan: Planned) -> None:
    """Write a planned pin; raises CheckError unless the checks passed, PinError where the file was edited meanwhile."""
    _require_passed(plan)
    pins.apply(plan.edit)


def commit_pin(plan: Planned, branch: str) -> Commit:
    """Commit a planned pin on a new branch, ready for a pull request; the work tree and the current branch stay.

    Raises CheckError where a check failed; GitError where the tree is dirty or detached, or the branch exists.
    """
    _require_passed(plan)
    repository = require_branch(plan.edit.path, branch)
    pins.require_unchanged(plan.edit)
    return repository.commit_on_branch(branch, {plan.edit.path: plan.edit.after}, plan.message)


def require_branch(stack_file: Path, branch: str) -> Repository:
    """Give the repository of a stack's file, in which a new branch can be made.

    Raises GitError where the tree is dirty or detached, or the branch exists.
    """
    repository = Repository.open(stack_file.parent)
    repository.require_clean_branch()
    repository.require_new(branch)
    return repository


def _require_passed(plan: Planned) -> None:
    if not plan.report.passed:
        raise CheckError(f"{plan.report}\nNothing was changed.")
