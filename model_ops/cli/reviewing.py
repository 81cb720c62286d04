"""`review`: what a change of stack files will do, as Markdown for a pull request."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from model_ops.cli.options import project_option
from model_ops.cli.output import print_file, say
from model_ops.cli.waiting import WAITING

if TYPE_CHECKING:
    from model_ops.review.review import Infrastructure, Review

file_option = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--base", metavar="REF", help="What the change is made to: the branch that it is to be merged into.")
@click.option("--stack", "stacks", multiple=True, help="This stack alone; may be repeated.  [default: all it touches]")
@click.option(
    "--preview",
    "previews",
    multiple=True,
    type=file_option,
    help="The document that a preview wrote to JSON=FILE; may be repeated. One that is not there counts as not seen.",
)
@click.option("--json", "file", type=file_option, help="Write the whole review to this file too, for machines.")
@click.option("--join", is_flag=True, help="Make one of the reviews in FILES, each written by --json.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@project_option
def review(
    base: str | None,
    stacks: tuple[str, ...],
    previews: tuple[Path, ...],
    file: Path | None,
    join: bool,
    files: tuple[Path, ...],
    project: Path,
) -> None:
    """Say what a change of stack files will do.

    It compares HEAD with where it left REF, by git's objects alone, asks the workspace and the engine's record about
    the versions, and loads no model. Exits 1 where the change is refused; why is at the top.
    """
    from model_ops.review import parts
    from model_ops.review.comment import comment

    _require_either(base, join, files)
    found = _joined(files, stacks) if join else _made(base or "", stacks, previews, project)
    if file:
        parts.write(found, file)
    print_file(comment(found))
    sys.exit(int(found.refused))


def _require_either(base: str | None, join: bool, files: Sequence[Path]) -> None:
    if join == (base is not None) or (files and not join):
        raise click.UsageError("Name what to compare with: --base origin/main; or the parts of one: --join FILE.json…")


def _joined(files: Sequence[Path], stacks: Sequence[str]) -> Review:
    from model_ops.review import parts

    return parts.join([parts.read(each) for each in files], stacks)


def _made(base: str, stacks: Sequence[str], previews: Sequence[Path], project: Path) -> Review:
    from model_ops.review.sides import open_sides
    from model_ops.review.survey import survey

    WAITING.doing(f"asking git what changed since {base}")
    return survey(open_sides(project, base), project, base, stacks, _previews(previews, stacks), WAITING.doing)


def _previews(files: Sequence[Path], stacks: Sequence[str]) -> dict[str, Infrastructure]:
    """The previews by stack; one that names none is of the one stack that was named."""
    from model_ops.review.infrastructure import read_preview

    found: dict[str, Infrastructure] = {}
    for each in files:
        if not each.exists():
            say(f"{each} is not there: what changes in the cloud is not in this review")
            continue
        stack, infrastructure = read_preview(each)
        if stack is None and len(stacks) == 1:
            stack = stacks[0]
        if stack is None:
            raise click.UsageError(f"{each} does not say which stack it is of. Name it: --stack NAME, one at a time.")
        found[stack] = infrastructure
    return found
