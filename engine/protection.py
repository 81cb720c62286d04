"""Keeps a protected stack from being destroyed: the engine deletes all of it that is not protected, and then fails."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.settings.load import load
from infra.settings.mistake import SettingsError
from model_ops.commands import Commands
from model_ops.errors import StackError

REFUSAL = """\
Stack {stack} is protected, so it is not destroyed. The engine would delete what alone is not protected, such as its
lock and its ways to the storage, and fail at the rest. Nothing was touched.
  rollpin:protect
     found:   true, which it is where {file} says nothing else
     allowed: false, in a stack that is to be thrown away
     mend:    write `rollpin:protect: false` into {file}, then: {up}, and after that: {destroy}"""

NOT_LET_GO = """\
Stack {stack} is not destroyed: its state protects {count} still. {file} says `rollpin:protect: false`, and no `up` has
ended since. The engine would delete what alone is not protected, and fail at the rest. Nothing was touched.
Run first: {up}   and after that: {destroy}"""


def confirm(project: Path, commands: Commands) -> None:
    """Raise StackError where the stack's file in `project` protects it, or where that cannot be told.

    `commands` are those to type for it.
    """
    file = project / f"Pulumi.{commands.stack}.yaml"
    if not file.exists():
        return  # that there is no such stack is said by whoever looks for all that a run needs
    try:
        protected = load(file, commands.stack).protect
    except SettingsError as error:
        raise StackError(str(error)) from None
    if protected:
        destroy = commands.engine("destroy")
        raise StackError(REFUSAL.format(stack=commands.stack, file=commands.file, up=commands.up, destroy=destroy))


def confirm_let_go(state: Mapping[str, Any], commands: Commands) -> None:
    """Raise StackError where something in the `state` is protected still, as the engine exports it."""
    resources = (state.get("deployment") or {}).get("resources") or ()
    if count := sum(bool(each.get("protect")) for each in resources):
        destroy, held = commands.engine("destroy"), f"{count} resource{'s' * (count > 1)}"
        raise StackError(
            NOT_LET_GO.format(stack=commands.stack, count=held, file=commands.file, up=commands.up, destroy=destroy)
        )
