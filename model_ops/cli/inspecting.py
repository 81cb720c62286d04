"""`show`, `signature`, `mlmodel`, `artifacts`, `lineage` and `compare`: one version, or two, from all sides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from model_ops.cli import comparing, completing, describing
from model_ops.cli.options import Chosen, json_option, on_model
from model_ops.cli.output import echo, print_file, print_json, print_pairs, print_table, say, size
from model_ops.errors import PlanError, VersionError

if TYPE_CHECKING:
    from model_ops.versions.lineage import Lineage

number_argument = click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions)


@click.command()
@number_argument
@on_model
@json_option
def show(chosen: Chosen, version: int, as_json: bool) -> None:
    """Show one version whole.

    Status, tags, source, size, flavors, runtimes, environment.
    """
    from model_ops.versions.detail import describe_version

    detail = describe_version(*chosen.model(), version)
    if as_json:
        print_json(detail)
    else:
        print_pairs(describing.version_pairs(detail))


@click.command()
@number_argument
@on_model
@json_option
def signature(chosen: Chosen, version: int, as_json: bool) -> None:
    """Show what a version takes and answers, field by field."""
    from model_ops.signatures.signature import Signature
    from model_ops.versions.detail import read_mlmodel

    stack, model = chosen.model()
    found = Signature.from_mlmodel(read_mlmodel(stack, model, version).signature)
    if found is None:
        raise VersionError(
            f"Version {version} of {model.full_name} has no signature, so Unity Catalog does not serve it.\n"
            f"See what else speaks against it, and what mends it: "
            f"{stack.commands_for(model).model_ops('check', '--pin', version)}"
        )
    if as_json:
        print_json(found.to_json())
    else:
        print_table(describing.FIELDS, [describing.field_cells(row) for row in found.rows()])


@click.command()
@number_argument
@on_model
@json_option
def mlmodel(chosen: Chosen, version: int, as_json: bool) -> None:
    """Print a version's MLmodel file as it is."""
    from model_ops.versions.detail import mlmodel_text
    from model_ops.versions.mlmodel import MlModel

    text = mlmodel_text(*chosen.model(), version)
    if as_json:
        print_json(MlModel.parse(text, f"version {version}").content)
    else:
        print_file(text)


@click.command()
@number_argument
@on_model
@click.option("--download", type=click.Path(path_type=Path, file_okay=False), help="Copy them below this directory.")
@json_option
def artifacts(chosen: Chosen, version: int, download: Path | None, as_json: bool) -> None:
    """List the files of a version, or download them."""
    from model_ops.workspace.files import ModelFiles

    stack, model = chosen.model()
    files = ModelFiles(stack.workspace, model.full_name, version)
    if download is not None:
        if download.exists() and any(download.iterdir()):
            raise PlanError(f"{download} holds something already. Name a directory that is empty, or not there yet.")
        say(f"{len(files.download(download))} files of version {version} are in {download}")
        return
    tree = files.tree()
    if as_json:
        print_json(tree)
        return
    for line in describing.tree_lines(tree):
        echo(line)
    say(f"{len(tree)} files, {size(sum(file.size for file in tree))}")


@click.command()
@click.argument("version", type=click.IntRange(min=1), shell_complete=completing.versions, required=False)
@click.option("--run", "run_id", help="Go the other way: from a run to every version that was registered from it.")
@on_model
@json_option
def lineage(chosen: Chosen, version: int | None, run_id: str | None, as_json: bool) -> None:
    """Follow a version to its training, or a run to its versions.

    The trail: run, experiment, parameters, metrics, data, code and files, with links.
    """
    if (version is None) == (run_id is None):
        both = "not both" if version is not None else "--run RUN_ID"
        raise click.UsageError(f"Name a version to follow back, or a run to follow forward: {both}")
    from model_ops.versions.lineage import trace_lineage, versions_of_run

    if version is not None:
        found: tuple[Lineage, ...] = (trace_lineage(*chosen.model(), version),)
    else:
        found = versions_of_run(*chosen.model(), run_id or "")
    if as_json:
        print_json(found[0] if version is not None else found)
        return
    for each in found:
        print_pairs(describing.lineage_pairs(each))
    if not found:
        say(f"No version was registered from run {run_id}.")


@click.command()
@click.argument("first", type=click.IntRange(min=1), shell_complete=completing.versions)
@click.argument("second", type=click.IntRange(min=1), shell_complete=completing.versions)
@on_model
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
def compare(chosen: Chosen, first: int, second: int, form: str) -> None:
    """Compare two versions.

    Signature, metrics, parameters, dependencies, resources, size and code.
    """
    from model_ops.versions.comparison import compare_versions

    found = compare_versions(*chosen.model(), first, second)
    if form == "json":
        print_json(comparing.as_plain(found))
    elif form == "markdown":
        echo(comparing.markdown(found))
    else:
        comparing.print_comparison(found)
