"""`drift`: what was changed by hand of what a stack deployed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from model_ops.cli.options import Chosen, json_option, on_model
from model_ops.cli.output import echo, plain, print_json, print_table, say, when
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.deployed import DeployedStack
    from model_ops.drift.difference import Difference, Drift
    from model_ops.drift.fix import Fix

COLUMNS = ("model", "what", "deployed", "found", "changed at", "by")


@click.command()
@on_model
@click.option("--fix", is_flag=True, help="Say what to type to put it right, or to keep it; nothing is changed.")
@json_option
def drift(chosen: Chosen, fix: bool, as_json: bool) -> None:
    """Find what was changed by hand of what the stack deployed.

    Compared are the pin and its traffic, sizes, scale to zero, variables (their names and references, never a value),
    gateway, tags, permissions and grants, and whether all is there. What is merged and not deployed yet is no drift.
    Exits 1 where something was changed, or cannot be seen.
    """
    from model_ops.drift.drift import find_drift

    stack = chosen.open()
    WAITING.doing(f"comparing what was deployed with {stack.workspace.url}")
    found = find_drift(stack, chosen.name)
    if as_json:
        told = plain(found)
        print_json({**told, "fixes": _fixes(stack, found)} if fix else told)
    else:
        _print(stack, found, fix=fix)
    sys.exit(1 if found.found or found.unseen else 0)


def _print(stack: DeployedStack, found: Drift, *, fix: bool) -> None:
    if found.differences:
        print_table(COLUMNS, [_row(each) for each in found.differences])
    elif not found.unseen:
        echo(f"{stack.name}: nothing was changed by hand; {found.looked_at} things are as they were deployed")
    for line in found.unseen:
        say(f"not seen: {line}")
    for line in found.remarks:
        say(line)
    if found.differences and not fix:
        say(f"What puts it right: {stack.commands.model_ops('drift', '--fix')}")
    for each in _fixes(stack, found) if fix else ():
        echo(each.words if each.command is None else f"{each.words}:\n  {each.command}")


def _row(each: Difference) -> tuple[str, ...]:
    return each.model or "-", each.what, each.deployed, each.found, when(each.at, seconds=True) or "-", each.by or "-"


def _fixes(stack: DeployedStack, found: Drift) -> tuple[Fix, ...]:
    from model_ops.drift.fix import fixes

    return fixes(stack, found)
