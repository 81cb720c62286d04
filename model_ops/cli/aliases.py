"""`alias`: names for versions, which are no pins."""

from __future__ import annotations

import click

from model_ops.cli import completing
from model_ops.cli.group import Commands
from model_ops.cli.options import Chosen, json_option, on_model, yes_option
from model_ops.cli.output import echo, print_json, print_table, say


@click.group(cls=Commands)
def alias() -> None:
    """Name versions: champion, challenger, previous.

    An alias is never a pin, and moving it redeploys nothing. Champion and champion are one alias.
    """


@alias.command("list")
@on_model
@json_option
def list_(chosen: Chosen, as_json: bool) -> None:
    """List the aliases and the versions that they name."""
    from model_ops.versions.aliases import list_aliases

    stack, model = chosen.model()
    found = list_aliases(stack, model)
    if as_json:
        print_json(found)
        return
    print_table(("alias", "version"), [[name, str(number)] for name, number in found.items()])
    if not found:
        setting = stack.commands_for(model).model_ops("alias", "set", "champion", "N")
        say(f"{model.full_name} has no alias yet: {setting}")


@alias.command("set")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions)
@on_model
@yes_option
def set_(chosen: Chosen, name: str, version: int, yes: bool) -> None:
    """Point an alias at a version; champion only at the one that is proven to serve."""
    from model_ops.versions.aliases import list_aliases, plan_alias, set_alias
    from model_ops.workspace.registry import folded

    stack, model = chosen.model()
    plan_alias(stack, model, name, version)
    before = list_aliases(stack, model).get(folded(name))
    echo(f"{folded(name)}: {_named(before)} → version {version}")
    if yes:
        set_alias(stack, model, name, version)
    _say_whether(done=yes)


@alias.command("delete")
@click.argument("name")
@on_model
@yes_option
def delete(chosen: Chosen, name: str, yes: bool) -> None:
    """Remove an alias; its version stays."""
    from model_ops.versions.aliases import delete_alias, find_alias
    from model_ops.workspace.registry import folded

    stack, model = chosen.model()
    echo(f"{folded(name)}: {_named(find_alias(stack, model, name))} → nothing")
    if yes:
        delete_alias(stack, model, name)
    _say_whether(done=yes)


def _named(version: int | None) -> str:
    return "nothing" if version is None else f"version {version}"


def _say_whether(*, done: bool) -> None:
    say("It is done." if done else "Nothing is changed yet. To do it: the same with --yes")
