"""`propose`: the pin of a new version, as a pull request."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from model_ops.cli.options import json_option, loading_option, project_option, yes_option
from model_ops.cli.output import echo, print_json, say
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.forge.forge import Forge, Posted
    from model_ops.proposing.event import Event
    from model_ops.proposing.place import Place
    from model_ops.proposing.proposal import Passed, Proposal


@click.command()
@click.option("--stack", help="Propose for this stack.  [default: those that go first, by rollpin:after]")
@click.option("--model", help="One of its models alone.")
@click.option("--event", type=click.File("rb"), help="A file with the payload of a registry's webhook; - is stdin.")
@click.option("--header", "headers", multiple=True, help="A header that the event came with; may be repeated.")
@loading_option
@project_option
@json_option
@yes_option
def propose(
    *,
    stack: str | None,
    model: str | None,
    event: BinaryIO | None,
    headers: tuple[str, ...],
    loading: bool,
    project: Path,
    as_json: bool,
    yes: bool,
) -> None:
    """Propose the pin of a new version, as a pull request with the review in its text.

    Once for each version: READY, newer than the pin, never deployed by the stack before. Nothing is opened twice,
    whoever runs it and how often. The event is MLflow's model_version.created or Databricks' MODEL_VERSION_CREATED;
    where MODEL_OPS_WEBHOOK_SECRET is set, it must be signed. Exits 1 where what was named is refused.
    """
    from model_ops.proposing.proposal import Wanted, plan_proposals

    told = _event(event, headers) if event else None
    wanted = Wanted(stack=stack, model=model, event=told, loading=loading)
    place = _place(project, needed=yes)
    WAITING.doing("looking for new versions, and what was proposed before")
    found, passed = plan_proposals(project, wanted, place)
    opened = {each.branch: _open(place, each, project) for each in found} if yes else {}
    if as_json:
        print_json({"proposals": [_as_json(each, opened.get(each.branch)) for each in found], "passed": passed})
    else:
        _print(found, opened)
    _tell(passed, told, yes=yes or not found, empty=not found and not passed)
    sys.exit(any(each.unasked or (each.refused and wanted.named) for each in passed))


def _event(file: BinaryIO, lines: Sequence[str]) -> Event:
    from model_ops.proposing import event, seal

    body = file.read(event.LARGEST + 1)
    seal.confirm(body, seal.headers(lines), os.environ.get(seal.SECRET), time.time())
    return event.parse(body)


def _place(project: Path, *, needed: bool) -> Place:
    from model_ops.errors import ForgeError
    from model_ops.forge.finding import find_forge
    from model_ops.forge.origin import MAIN, Origin
    from model_ops.git.repository import Repository
    from model_ops.proposing.place import Place

    repository, forge = Repository.open(project), None
    try:
        forge = find_forge(project, os.environ)
    except ForgeError as error:
        if needed:
            raise
        say(f"{error.headline} So closed pull requests are not looked at.")
    return Place(repository=repository, origin=Origin(repository.git, os.environ), forge=forge, base=MAIN)


def _open(place: Place, proposal: Proposal, project: Path) -> Posted | None:
    from model_ops.proposing.opening import open_proposal

    forge: Forge | None = place.forge
    return open_proposal(place, forge, proposal, project, WAITING.doing) if forge else None


def _print(found: Sequence[Proposal], opened: dict[str, Posted | None]) -> None:
    from model_ops.cli.proving import print_report

    for each in found:
        echo(f"{each.plan.message}, on branch {each.branch}")
        if each.branch not in opened:
            print_report(each.plan.report)
            echo(each.plan.edit.diff(), nl=False)
        elif (posted := opened[each.branch]) is not None:
            echo(posted.url)
        else:
            say("Another run has pushed that branch, and opens its pull request.")


def _tell(passed: Sequence[Passed], told: Event | None, *, yes: bool, empty: bool) -> None:
    for each in passed:
        say(f"{each.stack}{f': {each.model}' if each.model else ''}: {each.reason}")
    if empty:
        what = f"None serves {told.model}" if told else "There is none that goes first"
        say(f"{what}, of the stacks that proposals are made for. Name one: --stack NAME")
    if not yes:
        say("Nothing is pushed or opened yet. To do it: the same with --yes")


def _as_json(each: Proposal, posted: Posted | None) -> dict[str, object]:
    plan = each.plan
    said = {"stack": plan.stack, "model": plan.model, "version": plan.edit.new, "was": plan.edit.old}
    return {**said, "branch": each.branch, "pull_request": posted.url if posted else None}
