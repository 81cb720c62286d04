"""`score`: a file of rows in, the same rows with predictions out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model_ops.cli.options import Chosen, on_model
from model_ops.cli.output import say

if TYPE_CHECKING:
    from model_ops.deployed import DeployedStack

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("source", type=FILE, metavar="INPUT")
@click.argument("target_file", type=FILE, metavar="OUTPUT")
@on_model
@click.option("--version", "number", type=click.IntRange(min=1), help="[default: what the stack pins]")
@click.option("--uri", help="Any model instead: runs:/RUN_ID/chain, models:/NAME/N or models:/NAME@ALIAS.")
@click.option("--spark", is_flag=True, help="Score with a Spark UDF; needs Java and the extra `spark`.")
@click.option("--batch", type=click.IntRange(min=1), default=1000, show_default=True, help="Rows at a time.")
@click.option("--overwrite", is_flag=True, help="Replace OUTPUT if it is there.")
@click.option("--prediction-column", default="prediction", show_default=True, help="The name of the new column.")
def score(
    chosen: Chosen, source: Path, target_file: Path, number: int | None, uri: str | None, spark: bool, **options: Any
) -> None:
    """Score every row of a file into another.

    Both are CSV, JSON lines or Parquet, by the end of the name. Rows keep their columns. Where the model takes a list
    or an object, a CSV holds it as JSON. The model's code runs in this process, with your credentials at hand: score
    with models that you trust.
    """
    from model_ops.workspace.mlflow_session import signed_in

    if number is not None and uri is not None:
        raise click.UsageError("--version and --uri both name a model: give one of them.")
    stack = chosen.open()
    model_uri = uri or _uri(stack, chosen.name, number)
    say(f"scoring {source} with {model_uri} …")
    with signed_in(stack.workspace.url, stack.workspace.token, stack.workspace.profile):
        done = _scored(model_uri, source, target_file, spark=spark, **options)
    say(f"{done.rows} rows in {done.seconds:.1f} s: {done.target}")


def _uri(stack: DeployedStack, name: str | None, number: int | None) -> str:
    model = stack.model(name)
    return f"models:/{model.full_name}/{number or stack.pinned(model)}"


def _scored(model_uri: str, source: Path, target: Path, *, spark: bool, batch: int, **options: Any) -> Any:
    if spark:
        say("starting Spark, which takes a while …")
        from model_ops.scoring.spark_score import score_with_spark

        return score_with_spark(model_uri, source, target, batch=batch, **options)
    from model_ops.scoring.score import score as score_file

    with _bar() as progress:
        return score_file(model_uri, source, target, batch=batch, progress=progress, **options)


@contextmanager
def _bar() -> Iterator[Callable[[int, int | None], None]]:
    """A bar of the rows that are done, on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
