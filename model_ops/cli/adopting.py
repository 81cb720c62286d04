"""`adopt`: the settings of endpoints that exist, written into a stack's file."""

from __future__ import annotations

import click

from model_ops.cli.options import Chosen, on_stack, yes_option
from model_ops.cli.output import echo, say
from model_ops.commands import typed
from model_ops.errors import PlanError


@click.command()
@click.argument("endpoint", required=False)
@click.option("--all", "everything", is_flag=True, help="Every endpoint of the workspace that is in no entry yet.")
@on_stack
@yes_option
def adopt(chosen: Chosen, endpoint: str | None, everything: bool, yes: bool) -> None:
    """Write the settings of an endpoint that exists into the stack's file.

    The next `up` takes it over as it is. What a stack cannot say of it is listed, and stays as it is.
    """
    if (endpoint is None) != everything:
        raise click.UsageError("Name an endpoint that exists, or say --all for every one of the workspace.")
    from model_ops.adopting.adoption import plan_adoption
    from model_ops.pinning.file_edit import apply

    stack = chosen.open()
    plan = plan_adoption(stack, endpoint)
    for reason in plan.left_out:
        say(reason)
    if not plan.entries:
        raise PlanError(f"There is nothing to take over in {stack.workspace.url} that {plan.path.name} does not have.")
    echo(plan.diff().rstrip("\n"))
    for name, notes in plan.notes.items():
        say(f"{name}: a stack says all that is set of it" if not notes else f"{name}: beside what the entry says")
        for note in notes:
            say(f"  - {note}")
    if not yes:
        say("Nothing is changed yet. To write it: the same with --yes")
        return
    apply(plan)
    say(f"{typed(plan.path)} is changed. See what the next `up` takes over: {stack.commands.engine('preview')}")
