"""`init`: this repository made one's own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model_ops.cli.options import project_option, yes_option
from model_ops.cli.output import echo, say
from model_ops.cli.waiting import WAITING
from model_ops.commands import Commands
from model_ops.stack import LOCAL

if TYPE_CHECKING:
    from model_ops.template.plan import Plan

per_stack: dict[str, Any] = {"multiple": True, "metavar": "[STACK=]VALUE"}


@click.command()
@click.option("--name", help="The project's name; the settings' own, `rollpin:`, stays. [default: the directory's]")
@click.option("--stack", "stacks", multiple=True, help="A stack; again for the next.")
@click.option(
    "--platform",
    **per_stack,
    help="adopt, a workspace that exists; create; or apart, in a stack of its own. [default: adopt]",
)
@click.option("--host", **per_stack, help="The workspace's address, where it is adopted.")
@click.option("--resource-id", **per_stack, help="The workspace's resource id, likewise.")
@click.option("--region", **per_stack, help="The Azure region, where the platform is created.")
@click.option("--metastore", **per_stack, help="The id of the region's metastore, likewise.")
@click.option("--model", help="The first model's full name. [default: {stack}.serving.NAME]")
@click.option("--state", type=click.Choice(["azure", "cloud", "directory", "environment"]), help="Where it is kept.")
@click.option("--storage-account", help="Of the state in Azure.")
@click.option("--container", help="Of the state in Azure. [default: state]")
@click.option("--key-vault", help="Whose keys, named as the stacks, encrypt the secrets in the state.")
@click.option("--directory", help="Of the state in a directory.")
@click.option("--owner", "owners", **per_stack, help="Who approves changes of stacks and workflows; again for more.")
@click.option("--with-example/--without-example", "example", default=None, help="The sample chatbot and its demo.")
@click.option("--overwrite", is_flag=True, help="Write stacks' files anew that somebody edited, too.")
@project_option
@yes_option
def init(project: Path, yes: bool, overwrite: bool, **given: Any) -> None:
    """Make this repository your own: its name, its stacks, who owns them.

    On a terminal it asks for what no option says. `{stack}` stands for the stack's name. What it writes is staged, not
    committed. A second run shows what it would change.
    """
    from model_ops.cli.questions import Questions
    from model_ops.template import plan, record
    from model_ops.template.checkout import Checkout
    from model_ops.template.taken import require_taken

    _require_said(given)
    checkout = Checkout.open(project)
    files = checkout.files()
    asking = sys.stdin.isatty() and not yes
    known = record.read(files.get(record.PATH)).answers
    WAITING.rest()
    answers = Questions(given, known, project.resolve().name, asking=asking).answers()
    WAITING.doing("asking the program whether it takes each stack's file")
    planned = plan.make(files, answers, overwrite=overwrite)
    checkout.require_no_link(planned.changes)
    require_taken(planned.changes)
    WAITING.rest()
    _show(planned)
    if not planned.changes:
        return
    if not yes and not (asking and click.confirm("Write this?", err=True)):
        say("Nothing is changed. To write it: the same with --yes")
        return
    checkout.apply(planned.changes)
    _say_next(answers.names[0])


def _require_said(given: Mapping[str, Any]) -> None:
    """Refuse an option with nothing behind it, as of a variable that is not set: it would count as not given."""
    if empty := [f"--{name.replace('_', '-')}" for name, value in given.items() if value == ""]:
        raise click.UsageError(f"{empty[0]} has nothing behind it. Say a value, or leave the option out.")


def _show(planned: Plan) -> None:
    for what in ("add", "change", "remove"):
        paths = [each.path for each in planned.changes if each.what == what]
        whole = [path for path in planned.gone if what == "remove" and path not in paths]
        inside = [path for path in paths if not any(path.startswith(f"{folder}/") for folder in whole)]
        counts = [f"{folder}/ ({sum(path.startswith(f'{folder}/') for path in paths)} files)" for folder in whole]
        for path in [*inside, *counts]:
            echo(f"  {what:<6}  {path}")
    for path in planned.kept:
        say(f"{path} is kept: somebody edited it. To write it anew: --overwrite")
    if not planned.changes:
        say("There is nothing to change: this is what was answered.")


def _say_next(stack: str) -> None:
    say("Written and staged. Undo: git reset --hard. Keep: git commit -m 'Make this repository our own'")
    say("Check it: make lint test-quick")
    here, cloud = Commands(stack=LOCAL), Commands(stack=stack)
    say(f"Run it on this machine: {here.sandbox} && {here.up}")
    say(f"In the cloud: fill in what is marked FILL IN, then docs/first-deploy.md, then: {cloud.engine('preview')}")
