"""`settings`: what is in force, and where from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model_ops.cli import completing
from model_ops.cli.options import json_option, project_option
from model_ops.cli.output import print_json, print_table

if TYPE_CHECKING:
    from model_ops.pinning.in_force import Setting

COLUMNS = ("setting", "from", "value")
"""The value last: one that is long moves nothing else."""


@click.command()
@click.option("--stack", required=True, shell_complete=completing.stacks, help="The stack: NAME of Pulumi.NAME.yaml.")
@click.option("--model", shell_complete=completing.models, help="One of its models alone.")
@project_option
@json_option
def settings(stack: str, model: str | None, project: Path, as_json: bool) -> None:
    """Show which settings are in force, and which line says so.

    Read from the stack's file alone: it needs no engine, no workspace and no credentials.
    """
    from model_ops.pinning.in_force import read_settings

    found = read_settings(stack, project, model)
    if as_json:
        print_json(found)
        return
    print_table(COLUMNS, [(_name(each, model), each.origin, _written(each.value)) for each in found])


def _name(each: Setting, model: str | None) -> str:
    return each.setting if model or each.model is None else f"{each.model}.{each.setting}"


def _written(value: Any) -> str:
    """A value as a stack file has it; a dash where nothing is said."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, str):
        return value
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
