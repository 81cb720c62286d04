"""`comment`, `issue`, `summary` and `pull-request`: what a run leaves where pull requests live."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from model_ops.cli.options import project_option, yes_option
from model_ops.cli.output import echo, instruct, print_pairs, refused, say
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.forge.posting import Body
    from model_ops.forge.pull_request import RequestPlan

file_option = click.option(
    "--file",
    type=click.File(encoding="utf-8", errors="replace"),
    help="A file with the text; - is stdin.",
)
text_option = click.option(
    "--file",
    default="-",
    type=click.File(encoding="utf-8", errors="replace"),
    help="A file with the text.  [default: -, stdin]",
)
plain_option = click.option("--plain", is_flag=True, help="The text is no Markdown: show it as it is.")


@click.command()
@click.option("--pull-request", "number", required=True, type=click.IntRange(min=1), help="Its number.")
@text_option
@plain_option
@click.option("--only-renew", is_flag=True, help="Where no earlier run wrote one, write none.")
@project_option
def comment(number: int, file: TextIO, plain: bool, only_renew: bool, project: Path) -> None:
    """Write a comment under a pull request, over the one that an earlier run wrote there.

    Where the token may only read, as for a pull request from a fork, the text goes to the summary of the run instead.
    """
    from model_ops.errors import ReadOnlyError
    from model_ops.forge.run import Run

    body, run = _body(file, plain), Run(os.environ)
    if not body.text.strip():
        raise refused("There is no text to comment with: what should have written it said nothing. See the step before")
    try:
        WAITING.doing(f"commenting on pull request {number}")
        done = _commented(number, body, project, only_renew=only_renew)
    except ReadOnlyError as error:
        if not run.summarize(body.marked("", SUMMARY), instruct):
            raise
        say(f"{error.headline}\nThe text is in the summary of this run instead.")
        return
    say(done)


@click.command()
@click.option("--title", required=True, help="There is one open issue for each title.")
@text_option
@plain_option
@click.option("--close", is_flag=True, help="All is well again: close it, with the text as its last word.")
@project_option
def issue(title: str, file: TextIO, plain: bool, close: bool, project: Path) -> None:
    """Open an issue, or bring the open one of that title up to date, or close it."""
    from model_ops.forge.finding import find_forge
    from model_ops.forge.posting import close_issue, keep_issue

    body = _body(file, plain)
    WAITING.doing("looking for an open issue of that title")
    forge = find_forge(project, os.environ)
    if close:
        closed = close_issue(forge, title, body)
        say(f"Closed: {closed.url}" if closed else "No issue of that title is open.")
        return
    kept, new = keep_issue(forge, title, body)
    say("It is open now:" if new else "It was open, and is up to date now:")
    echo(kept.url)


@click.command()
@text_option
@plain_option
def summary(file: TextIO, plain: bool) -> None:
    """Add a text to the summary of the run; on a laptop, print it."""
    from model_ops.forge.run import Run

    body = _body(file, plain)
    if not Run(os.environ).summarize(body.marked("", SUMMARY), instruct):
        echo(body.text, nl=not body.text.endswith("\n"))


@click.command("pull-request")
@click.argument("branch")
@click.option("--title", help="[default: the title of its last commit]")
@click.option("--base", default="main", show_default=True, help="The branch that it is to be merged into.")
@file_option
@plain_option
@click.option("--push-only", is_flag=True, help="Push the branch, and open nothing yet.")
@project_option
@yes_option
def pull_request(
    *,
    branch: str,
    title: str | None,
    base: str,
    file: TextIO | None,
    plain: bool,
    push_only: bool,
    project: Path,
    yes: bool,
) -> None:
    """Push a branch, and open its pull request unless one is open.

    In a workflow its number is the output `pull-request` of the step.
    """
    from model_ops.forge.origin import Origin
    from model_ops.forge.pull_request import plan_request
    from model_ops.git.repository import Repository

    origin = Origin(Repository.open(project).git, os.environ)
    plan = plan_request(origin, branch, base, title, _body(file, plain) if file else None)
    _print_plan(plan, push_only=push_only)
    if not yes:
        say("Nothing is pushed or opened yet. To do it: the same with --yes")
        return
    WAITING.doing(f"pushing {branch}")
    say("The branch is pushed." if origin.push(branch) else "The branch is at origin already.")
    if not push_only:
        _open(plan, project)


SUMMARY = 250_000
"""Characters of a summary: GitHub drops one of more than 1 MiB whole, and a character has up to four bytes."""


def _commented(number: int, body: Body, project: Path, *, only_renew: bool) -> str:
    """Write the comment, and give a sentence on what was done."""
    from model_ops.forge.finding import find_forge
    from model_ops.forge.posting import comment_in_place, renew_comment

    forge = find_forge(project, os.environ)
    if only_renew and not renew_comment(forge, number, body):
        return f"No earlier run commented on pull request {number}, so nothing is written."
    new = not only_renew and comment_in_place(forge, number, body)
    return f"The comment on pull request {number} is {'written' if new else 'brought up to date'}."


def _open(plan: RequestPlan, project: Path) -> None:
    from model_ops.forge.finding import find_forge
    from model_ops.forge.pull_request import open_request
    from model_ops.forge.run import Run

    WAITING.doing("opening the pull request")
    found, new = open_request(find_forge(project, os.environ), plan)
    Run(os.environ).hand_on("pull-request", str(found.number), instruct)
    say("It is open now:" if new else "One of that branch is open already:")
    echo(found.url)


def _print_plan(plan: RequestPlan, *, push_only: bool) -> None:
    pairs = [("push", f"{plan.branch}, commit {plan.commit[:12]}, to origin")]
    if not push_only:
        pairs += [("open", f"a pull request into {plan.base}"), ("title", plan.title)]
    print_pairs(pairs)


def _body(file: TextIO, plain: bool) -> Body:
    from model_ops.forge.posting import Body
    from model_ops.forge.run import Run

    return Body(text=file.read(), plain=plain, url=Run(os.environ).url)
