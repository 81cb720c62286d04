"""Plans which versions a stack keeps warm: the line that changes, after the checks of a version that is to be kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from model_ops import printable
from model_ops.checks.check import check_version
from model_ops.checks.report import CheckReport
from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import PinError, PlanError
from model_ops.pinning import program
from model_ops.pinning.file_edit import FileEdit, content, refused
from model_ops.pinning.warm_text import warm, with_warm
from model_ops.served import is_ready
from model_ops.target import TargetModel


@dataclass(frozen=True, kw_only=True)
class WarmVersion:
    """A version that is kept warm, or is to be: by the file, or by what is deployed."""

    number: int
    in_file: bool
    deployed: bool
    """The stack's last run kept it warm."""
    ready: bool
    """It answers: going there is a change of traffic."""


@dataclass(frozen=True, kw_only=True)
class WarmPlan:
    """A change of a model's warm versions that is planned and not yet written; `apply_pin` and `commit_pin` take it."""

    stack: str
    model: str
    number: int
    kept: bool
    """Whether the version is to be kept warm, or no longer."""
    edit: FileEdit
    report: CheckReport
    commands: Commands

    @property
    def message(self) -> str:
        """The subject of a commit that holds it."""
        warm = "warm" if self.kept else "warm no longer"
        return printable.line(f"Keep version {self.number} of {self.model} {warm} in {self.stack}")


def list_warm(stack: DeployedStack, model: TargetModel) -> Sequence[WarmVersion]:
    """Each version that the file or the last run keeps warm; raises PinError and WorkspaceError."""
    in_file = _in_file(stack, model)
    endpoint = stack.workspace.endpoint(model.endpoint_name) or {}
    return [
        WarmVersion(
            number=number,
            in_file=number in in_file,
            deployed=number in model.warm_versions,
            ready=is_ready(endpoint, model.full_name, number),
        )
        for number in sorted({*in_file, *model.warm_versions})
    ]


def plan_warm(
    stack: DeployedStack,
    model: TargetModel,
    number: int,
    *,
    kept: bool,
    loading: bool = True,
    accept: Collection[str] = (),
) -> WarmPlan:
    """Plan to keep version `number` warm, or no longer, in the stack's file, which is not touched.

    One that is to be kept is checked as a pin is, for it is deployed. Raises PlanError where the file says so already,
    PinError where it cannot hold it or the program would refuse it; and WorkspaceError.
    """
    listed = _in_file(stack, model)
    if kept == (number in listed):
        said = "keeps warm already" if kept else f"does not keep warm: it does {_named(listed)}"
        raise PlanError(f"Version {number} is one that {stack.file.name} {said}. Nothing was changed.")
    edit = _edit(stack, model, {*listed, number} if kept else {*listed} - {number})
    how = f"with version {number} of {model.name} {'kept warm' if kept else 'kept warm no longer'}"
    program.require_file_taken(edit.path, edit.after, stack.name, how)
    report = CheckReport(stack=stack.name, model=model.name, number=number, checks=())
    if kept:
        report = check_version(stack, model, number, loading=loading).accepting(accept)
    return WarmPlan(
        stack=stack.name,
        model=model.name,
        number=number,
        kept=kept,
        edit=edit,
        report=report,
        commands=stack.commands_for(model),
    )


def _in_file(stack: DeployedStack, model: TargetModel) -> tuple[int, ...]:
    try:
        return warm(content(stack.file).decode(), model.name)
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise refused(stack.file, error) from None


def _edit(stack: DeployedStack, model: TargetModel, versions: Collection[int]) -> FileEdit:
    try:
        before = content(stack.file)
        after = with_warm(before.decode(), model.name, versions).encode()
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise refused(stack.file, error) from None
    return FileEdit(path=stack.file, before=before, after=after)


def _named(versions: Collection[int]) -> str:
    return ", ".join(map(str, versions)) or "none"
