"""`report`: what all stacks serve, and served, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from model_ops.cli import completing
from model_ops.cli.options import json_option, project_option
from model_ops.cli.output import print_json, refused, say
from model_ops.cli.waiting import WAITING
from model_ops.commands import program

if TYPE_CHECKING:
    from model_ops.report.picture import Picture

LONGEST = 3650


@click.command()
@project_option
@click.option(
    "--stack",
    "stacks",
    multiple=True,
    help="Only this one; may be repeated.  [default: all in --project]",
    shell_complete=completing.stacks,
)
@click.option(
    "--html",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page into this file; needs the extra `report`.",
)
@click.option("--metric", "metrics", multiple=True, help="A metric to plot; may be repeated.  [default: up to 12]")
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST),
    default=90,
    show_default=True,
    help="How far back timeline and rollouts go.",
)
@json_option
def report(
    project: Path, stacks: tuple[str, ...], file: Path | None, metrics: tuple[str, ...], days: int, as_json: bool
) -> None:
    """Write what all stacks serve, and served, as one page.

    Pins, standbys, canaries, what really serves, what served when, lineage, metrics, rollouts and drift. The page
    needs no network. A stack that cannot be asked is on it with the reason; exits 1 where none can be.
    """
    from model_ops import extras
    from model_ops.deployed import DeployedStack, each_stack
    from model_ops.report.survey import survey_stacks

    if file is None and not as_json:
        raise click.UsageError("Name the file to write: --html FILE; or ask for the data: --json.")
    if file is not None:
        extras.require("report", "Writing a page")
    names = tuple(dict.fromkeys(stacks)) or each_stack(project)
    if not names:
        raise refused(f"There is no Pulumi.<stack>.yaml in {project}. Name the directory: --project DIR")
    WAITING.now(f"asking {', '.join(names)}")
    picture = survey_stacks(names, lambda stack: DeployedStack.find(stack, project), days=days, metrics=metrics)
    if as_json:
        print_json(picture)
    if file is not None:
        _write(picture, file)
    _end(picture, metrics)


def _write(picture: Picture, file: Path) -> None:
    from model_ops.report.page import report_page

    WAITING.doing(f"drawing {file}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(report_page(picture), encoding="utf-8")
    models = sum(len(stack.models) for stack in picture.stacks)
    say(f"{file}: {_counted(len(picture.stacks), 'stack')}, {_counted(models, 'model')}")


def _end(picture: Picture, metrics: tuple[str, ...]) -> None:
    """Say what is not on the page, and end with 1 where that is all."""
    known = {
        name for stack in picture.stacks for model in stack.models for each in model.versions for name in each.metrics
    }
    if unknown := [name for name in metrics if name not in known]:
        say(f"No version has a metric {', '.join(unknown)}. There is: {', '.join(sorted(known)) or 'none'}")
    for stack in picture.stacks:
        if stack.problem:
            say(f"not asked: {stack.name}. {stack.problem}")
    if not any(stack.asked for stack in picture.stacks):
        raise refused(f"None of the stacks could be asked. See what is missing: {program()} status")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
