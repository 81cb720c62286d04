"""`warm`: the versions that stay deployed beside the pin, so that going back to one is a change of traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from model_ops.cli import completing
from model_ops.cli.group import Commands
from model_ops.cli.moving import carry_out, require_new_branch
from model_ops.cli.options import Chosen, Conduct, conducted, json_option, on_model
from model_ops.cli.output import echo, print_json, print_table, say
from model_ops.cli.proving import checking
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.pinning.warming import WarmVersion


@click.group(cls=Commands)
def warm() -> None:
    """Keep versions deployed and ready, so that going back is no build.

    It edits `warmVersions` in the stack's file, as `pin` edits the pin. Each costs what a served version costs that
    nobody asks.
    """


@warm.command("list")
@on_model
@json_option
def list_(chosen: Chosen, as_json: bool) -> None:
    """List the warm versions: what the file says, and what is ready."""
    from model_ops.pinning.warming import list_warm

    stack, model = chosen.model()
    found = list_warm(stack, model)
    if as_json:
        print_json(found)
        return
    rows = [[str(each.number), "yes" if each.in_file else "no", _state(each)] for each in found]
    print_table(("version", "in file", "state"), rows)
    if not found:
        say(f"{model.name} keeps none warm: {stack.commands_for(model).model_ops('warm', 'add', 'N')}")
    elif any(each.in_file != each.deployed for each in found):
        say(f"The file and what is deployed differ. Deploy it: {stack.commands_for(model).up}")


@warm.command("add")
@click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions)
@on_model
@conducted
def add(chosen: Chosen, version: int, conduct: Conduct) -> None:
    """Keep a version warm, after its checks: it is deployed."""
    _change(chosen, version, conduct, kept=True)


@warm.command("remove")
@click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions)
@on_model
@conducted
def remove(chosen: Chosen, version: int, conduct: Conduct) -> None:
    """Keep a version warm no longer; going back to it is a build then."""
    _change(chosen, version, conduct, kept=False)


def _change(chosen: Chosen, version: int, conduct: Conduct, *, kept: bool) -> None:
    from model_ops.pinning.warming import plan_warm

    stack, model = chosen.model()
    require_new_branch(stack, conduct)
    if kept:
        WAITING.doing(checking(f"version {version}", loading=conduct.loading))
    plan = plan_warm(stack, model, version, kept=kept, loading=conduct.loading, accept=conduct.accept)
    if kept:
        echo(f"version {version} is deployed with the next up, and stays so: it costs as if it served")
    elif version == model.pinned_version:
        echo(f"version {version} is the pin: it serves on, and is gone once another one is pinned")
    else:
        echo(f"version {version} is taken down with the next up: to go back to it then, it is built again")
    carry_out(plan, conduct, "a version is kept warm once it passed its checks")


def _state(each: WarmVersion) -> str:
    if each.ready:
        return "ready"
    return "deployed, not ready" if each.deployed else "not deployed"
