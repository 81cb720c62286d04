"""The options that name a stack and a model, spelled alike for every command."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from model_ops.checks.report import ACCEPTABLE
from model_ops.cli.output import say
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.deployed import DeployedStack
    from model_ops.target import TargetModel

Command = TypeVar("Command", bound=Callable[..., Any])

project_option = click.option(
    "--project",
    default=".",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    show_default=True,
    help="The directory that holds Pulumi.yaml and the stacks' files.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
yes_option = click.option("--yes", is_flag=True, help="Do it; without this, only the plan is shown.")
loading_option = click.option(
    "--load/--no-load",
    "loading",
    default=True,
    show_default=True,
    help="Download the version and load it here. Of your environment its code sees what MODEL_OPS_LOAD_ENV names.",
)


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How a change of a pin is to be made."""

    loading: bool
    accept: tuple[str, ...]
    branch: str | None
    yes: bool


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a command line names; opened only once the command runs."""

    stack: str | None
    target: Path | None
    project: Path
    name: str | None

    def open(self) -> DeployedStack:
        """Ask the engine, or read the file, for what the stack pins; raises StackError."""
        from model_ops.deployed import DeployedStack

        if self.target is not None:
            return DeployedStack.read(self.target, self.project)
        say_if_rehearsed(self.stack or "")
        WAITING.doing(f"asking stack {self.stack} what it pins")
        stack = DeployedStack.find(self.stack or "", self.project)
        WAITING.doing(f"asking the workspace at {stack.workspace.url}")
        return stack

    def model(self) -> tuple[DeployedStack, TargetModel]:
        """Give the stack and the one model of it that is meant; raises StackError."""
        stack = self.open()
        return stack, stack.model(self.name)


def say_if_rehearsed(stack: str) -> None:
    """Say, where it is so, that a sandbox stands for the stack's workspace; raises StackError where it cannot."""
    from model_ops.rehearsed import Rehearsed

    if rehearsed := Rehearsed.find(stack):
        say(str(rehearsed))


def on_stack(command: Command) -> Command:
    """Give a command the options that name a stack: `--stack`, or `--target` with what it printed of itself."""

    @click.option("--stack", help="The stack: NAME of Pulumi.NAME.yaml; asked through `pulumi stack output`.")
    @click.option(
        "--target",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="A file that holds what `pulumi stack output --json` printed, instead of --stack.",
    )
    @project_option
    @functools.wraps(command)
    def run(stack: str | None, target: Path | None, project: Path, **rest: Any) -> Any:
        if (stack is None) == (target is None):
            from model_ops.deployed import each_stack

            known = ", ".join(each_stack(project)) or "none yet"
            raise click.UsageError(f"Name the stack: --stack NAME (there is: {known}), or else --target FILE.")
        return command(Chosen(stack=stack, target=target, project=project, name=rest.pop("model", None)), **rest)

    return run  # type: ignore[return-value] # click's options are put on the wrapper


def conducted(command: Command) -> Command:
    """Give a command that changes a pin the options that say how."""

    @loading_option
    @click.option(
        "--accept",
        multiple=True,
        type=click.Choice(ACCEPTABLE),
        help="Go on although this check fails; may be repeated.",
    )
    @click.option("--branch", help="Commit the change on this new branch instead of editing the file.")
    @yes_option
    @functools.wraps(command)
    def run(*words: Any, loading: bool, accept: tuple[str, ...], branch: str | None, yes: bool, **rest: Any) -> Any:
        conduct = Conduct(loading=loading, accept=accept, branch=branch, yes=yes)
        return command(*words, conduct=conduct, **rest)

    return run  # type: ignore[return-value] # click's options are put on the wrapper


def on_model(command: Command) -> Command:
    """Give a command the options that name one model of a stack."""
    option = click.option("--model", help="Which of the stack's models; needed where it serves several.")
    return option(on_stack(command))
