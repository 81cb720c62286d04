"""`stacks`, `current` and `outputs`: what the jobs that deliver a change ask before they act."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from model_ops.cli import completing
from model_ops.cli.options import json_option, project_option
from model_ops.cli.output import echo, instruct, print_json, refused, say
from model_ops.cli.waiting import WAITING

stack_option = click.option(
    "--stack", required=True, shell_complete=completing.stacks, help="The stack: NAME of Pulumi.NAME.yaml."
)


@click.command()
@click.option("--base", metavar="REF", help="Only those that HEAD changes since it left this commit.")
@click.option("--stack", shell_complete=completing.stacks, help="This one alone, if there is one of that name.")
@click.option(
    "--first", is_flag=True, help="Only those where a new version begins: they serve, behind no other that does."
)
@click.option("--pipelines", is_flag=True, help="Print .azuredevops/stacks.yml, which repeats them for Azure DevOps.")
@project_option
@json_option
def stacks(*, base: str | None, stack: str | None, first: bool, pipelines: bool, project: Path, as_json: bool) -> None:
    """List the stacks in the order in which they are deployed.

    They are found from their files; `local`, which is of one machine, is left out. A stack goes behind the one that
    `rollpin:after` in its file names. A file that is broken or gone counts as changed. A REF that git does not know, as
    of a branch that is new, means every stack. In a workflow the list is the output `stacks` of the step, as JSON.
    """
    from model_ops.forge.run import Run
    from model_ops.review.changed import beginnings

    if pipelines:
        from model_ops.forge.pipeline_stacks import text

        order = _all(project)
        echo(text(order, {each: _before(project, each) for each in order}), nl=False)
        return
    if stack is not None:
        found = _named(project, stack, alone=base is None and not first)
    else:
        found = _touched(project, base) if base is not None else _all(project)
    if first:
        begun = beginnings({each: _text(project, each) for each in _all(project)})
        found = tuple(each for each in found if each in begun)
    run = Run(os.environ)
    if run.in_workflow:
        _require_matrix(found)
    run.hand_on("stacks", json.dumps(found, separators=(",", ":")), instruct)
    if as_json:
        print_json(found)
        return
    for name in found:
        echo(name)
    if not found:
        say("No stack is touched." if base else "There is no stack but `local`.")


@click.command()
@stack_option
@click.option("--main", "branch", default="main", show_default=True, help="The branch that is deployed.")
@project_option
def current(stack: str, branch: str, project: Path) -> None:
    """Stop a late run: exit 1 if main has another version of the stack by now.

    A run that waited for approval, or is started again, must not bring an older pin back. Main is fetched from `origin`
    and compared with HEAD, by what the stack is made from: its own file, the program, what that requires. In a workflow
    the output `current` of the step is true where it is.
    """
    from model_ops.forge.origin import Origin
    from model_ops.forge.run import Run
    from model_ops.git.repository import Repository
    from model_ops.markdown import block
    from model_ops.review.superseded import standing

    WAITING.doing("fetching main")
    found = standing(project, stack, Origin(Repository.open(project).git, os.environ), branch)
    if not found.files:
        Run(os.environ).hand_on("current", "true", instruct)
        say(f"{branch} has no other version of stack {stack}: {found.commit[:12]} may be deployed.")
        return
    listed = "\n".join(f"  {file}" for file in found.files)
    words = (
        f"Nothing was deployed to {stack}: {branch} is at {found.main[:12]} by now, and changed the stack after "
        f"{found.commit[:12]}, the commit of this run:\n{listed}\n"
        "The run of the newer commit deploys it. To deploy main as it is: start the workflow `deploy` by hand"
    )
    Run(os.environ).summarize(f"**Superseded.**\n\n{block(words)}\n", instruct)
    raise refused(words)


@click.command()
@stack_option
@project_option
def outputs(stack: str, project: Path) -> None:
    """Print a stack's outputs as JSON, for --target and for `promote` elsewhere.

    They say what is pinned and where it is served. No secret is among them.
    """
    from model_ops.stack import address, ask

    WAITING.doing(f"asking stack {stack} what it pins")
    print_json(json.loads(ask(address(stack, project), "output", "--json")))


def _named(project: Path, stack: str, *, alone: bool) -> tuple[str, ...]:
    """The stack that somebody names, once there is one; `alone` says that nothing else was asked for."""
    from model_ops.did_you_mean import did_you_mean

    if not alone:
        raise click.UsageError("--stack names the one that is listed: leave --base and --first out.")
    if stack not in (known := _all(project)):
        listed = ", ".join(known) or "none but `local`"
        raise refused(f"There is no stack {stack} to deliver to; there is {listed}.{did_you_mean(stack, known)}")
    return (stack,)


def _require_matrix(stacks: Sequence[str]) -> None:
    """Refuse what GitHub would end without a word of ours: a workflow has a job for each stack."""
    from model_ops.forge.run import MATRIX

    if len(stacks) > MATRIX:
        raise refused(
            f"These are {len(stacks)} stacks, and GitHub makes at most {MATRIX} jobs of a matrix, one for each stack.\n"
            "A change of so many stacks' files: make several pull requests of it.\n"
            "A change of the program, which touches all of them: start the workflow `deploy` by hand for each stack, "
            "or give some a repository of their own"
        )


def _touched(project: Path, base: str) -> tuple[str, ...]:
    from model_ops.errors import GitError
    from model_ops.git.repository import Repository
    from model_ops.review.changed import touched
    from model_ops.review.sides import open_sides

    Repository.open(project)
    try:
        sides = open_sides(project, base)
    except GitError as error:
        say(f"{error.headline} So every stack counts as changed.")
        return _all(project)
    return touched(sides)


def _all(project: Path) -> tuple[str, ...]:
    from model_ops.review.changed import in_order
    from model_ops.stack import LOCAL, stack_names

    order = in_order({stack: _before(project, stack) for stack in stack_names(project)})
    return tuple(stack for stack in order if stack != LOCAL)


def _before(project: Path, stack: str) -> str | None:
    """The stack that another is deployed behind; None where its file names none, or is gone."""
    from model_ops.review.changed import stack_before

    return stack_before(_text(project, stack))


def _text(project: Path, stack: str) -> str:
    """The text of a stack's file; none where it is gone."""
    file = project / f"Pulumi.{stack}.yaml"
    return file.read_text(errors="replace") if file.exists() else ""
