"""`status` and `versions`: everything at a glance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from model_ops import printable
from model_ops.cli import completing
from model_ops.cli.options import Chosen, json_option, on_model, project_option, say_if_rehearsed
from model_ops.cli.output import echo, figure, print_json, print_table, refused, say, short, when
from model_ops.cli.waiting import WAITING
from model_ops.errors import in_one_line

if TYPE_CHECKING:
    from model_ops.proving.status import ModelStatus, StackStatus
    from model_ops.versions.listing import ListedVersion


@click.command()
@project_option
@click.option(
    "--stack",
    "stacks",
    multiple=True,
    shell_complete=completing.stacks,
    help="Only this one; may be repeated.  [default: all in --project]",
)
@json_option
def status(project: Path, stacks: tuple[str, ...], as_json: bool) -> None:
    """Show all stacks on one screen, and where they differ.

    For each: the pin, what serves, warm versions, canary. Exits 1 where a stack cannot be asked, or does not serve
    what it pins.
    """
    from model_ops.deployed import DeployedStack, each_stack
    from model_ops.proving.status import drift_between, stack_statuses

    names = stacks or each_stack(project)
    if not names:
        raise refused(f"There is no Pulumi.<stack>.yaml in {project}. Name the directory: --project DIR")
    for name in names:
        say_if_rehearsed(name)
    WAITING.now(f"asking {', '.join(names)}")
    found = stack_statuses(names, lambda stack: DeployedStack.find(stack, project))
    between = drift_between(found)
    if as_json:
        print_json({"stacks": found, "drift": between})
    else:
        if rows := [[each.stack, *_model_cells(model)] for each in found for model in each.models]:
            print_table(_STATUS, rows)
        for line in [*_drift(found), *between]:
            echo(f"drift: {line}")
        for each in found:
            if each.problem:
                say(in_one_line(each.problem))
    sys.exit(0 if all(each.sound for each in found) else 1)


@click.command()
@on_model
@click.option("--metric", "metrics", multiple=True, help="A metric to show; may be repeated.  [default: a few]")
@json_option
def versions(chosen: Chosen, metrics: tuple[str, ...], as_json: bool) -> None:
    """List every version of a model.

    For each: status, what it is pinned as, its traffic, aliases, times, run and key metrics.
    """
    from model_ops.versions.listing import key_metrics, list_versions

    stack, model = chosen.model()
    listed = list_versions(stack, model)
    if as_json:
        print_json(listed)
        return
    shown = key_metrics(listed, metrics)
    if unknown := [name for name in shown if not any(name in each.metrics for each in listed)]:
        there = ", ".join(sorted({name for each in listed for name in each.metrics})) or "none"
        raise click.UsageError(printable.line(f"No version has a metric {', '.join(unknown)}. There is: {there}"))
    print_table([*_VERSIONS, *shown], [_version_row(each, shown) for each in listed])
    strangers = [str(each.version.number) for each in listed if each.version.run_id and not each.run]
    if strangers:
        say(f"The runs of {', '.join(strangers)} are not here: promoted versions, or runs that are gone.")
    if not listed:
        say(f"{model.full_name} has no version yet: train one and register it (docs/your-own-model.md).")


_STATUS = ("stack", "model", "in file", "deployed", "serves", "warm", "canary", "endpoint", "run")
_VERSIONS = ("version", "status", "pinned as", "traffic", "aliases", "created", "changed", "by", "run")


def _model_cells(model: ModelStatus) -> list[str]:
    canary = f"{model.canary.version} at {model.canary.percent} %" if model.canary else ""
    pins = [str(number) if number else "-" for number in (model.in_file, model.pinned)]
    warm = ", ".join(f"{version} (not ready)" if version in model.cold else str(version) for version in model.warm)
    return [model.name, *pins, model.serving, warm, canary, model.ready, short(model.run_id)]


def _drift(found: tuple[StackStatus, ...]) -> list[str]:
    return [f"{each.stack}: {model.name}: {why}" for each in found for model in each.models for why in model.drift]


def _version_row(each: ListedVersion, shown: tuple[str, ...]) -> list[str]:
    version = each.version
    return [
        str(version.number),
        version.status,
        ", ".join(each.roles),
        "" if each.traffic is None else f"{each.traffic} %",
        ", ".join(each.aliases),
        when(version.created),
        when(version.changed),
        version.created_by,
        short(version.run_id),
        *(figure(each.metrics.get(name)) for name in shown),
    ]
