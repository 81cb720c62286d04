"""Measures how long `model-ops` takes, side by side with the imports that it cannot do without, as ratios.

`--help` beside `import click, rich`; `status` and `versions` beside `import databricks.sdk`, less the time that their
calls take, which is measured in a process where everything is imported. Needs a local stack that is deployed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.proving.status import stack_statuses
from model_ops.versions.listing import list_versions

MODEL_OPS = str(Path(sys.executable).with_name("model-ops"))
WORDS, SDK = ("-c", "import click, rich"), ("-c", "import databricks.sdk")


@click.command()
@click.option("--rounds", default=7, show_default=True)
@click.option("--project", default=".", show_default=True, type=click.Path(path_type=Path, exists=True))
def main(rounds: int, project: Path) -> None:
    """Run each side ROUNDS times in turn and print the medians and their ratios."""
    local = ("--stack", "local", "--project", str(project))
    _compare("--help", [MODEL_OPS, "--help"], [sys.executable, *WORDS], rounds)
    try:
        stack = DeployedStack.find("local", project)
    except ModelOpsError as error:
        raise click.ClickException(str(error)) from None
    model = stack.model()
    calls = {
        "versions": lambda: list_versions(DeployedStack.find("local", project), model),
        "status": lambda: stack_statuses(["local"], lambda name: DeployedStack.find(name, project)),
    }
    for command, call in calls.items():
        call()
        spent = statistics.median(_timed(call) for _ in range(rounds))
        _compare(command, [MODEL_OPS, command, *local], [sys.executable, *SDK], rounds, calls=spent)


def _compare(name: str, ours: Sequence[str], theirs: Sequence[str], rounds: int, *, calls: float = 0.0) -> None:
    pairs = [(_timed(lambda: _run(ours)), _timed(lambda: _run(theirs))) for _ in range(rounds + 1)][1:]
    ratio = statistics.median((mine - calls) / other for mine, other in pairs)
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    less = f", of which {calls:.2f} s are calls" if calls else ""
    click.echo(f"{name}: {mine:.2f} s{less}; {' '.join(theirs[1:])}: {other:.2f} s; ratio {ratio:.2f}")


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
