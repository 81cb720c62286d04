"""Trains the example chatbot's versions into a sandbox, in a process of its own, as a user's training job would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from model_ops import user_agent
from model_ops.cli.output import refused, say
from model_ops.commands import OWN_HOME, SANDBOX_VARIABLE
from model_ops.errors import ModelOpsError
from model_ops.loopback import unproxied
from model_ops.rehearsed import Rehearsed
from model_ops.stack import LOCAL, address, target
from model_ops.target import TargetModel
from sandbox import lifecycle
from sandbox.home import Home

SOURCE = Path(__file__).parents[1]
BOUND = 600
"""Seconds that the training of all versions may take."""


class TrainingError(Exception):
    """The training failed; its own words went to this process's output."""


def addressed(home: Home) -> dict[str, str]:
    """Give what a training job in Azure finds set as well: its workspace as tracking server and as registry."""
    return {
        "MLFLOW_TRACKING_URI": "databricks",
        "MLFLOW_REGISTRY_URI": "databricks-uc",
        "DATABRICKS_HOST": home.url,
        "DATABRICKS_TOKEN": home.token,
        # Credentials of a cloud in the environment are not meant for the sandbox.
        "DATABRICKS_AUTH_TYPE": "pat",
    }


def train(home: Home, model: TargetModel, versions: str, index: str | None = None) -> None:
    """Train `versions`, such as `1-7`, and register them as versions of `model`; raises TrainingError.

    `index` is the one of vector search that version 8 writes to and reads.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATABRICKS_")}
    environment = inherited | unproxied(os.environ) | addressed(home) | user_agent.upstream()
    command = [sys.executable, "-m", "examples.chatbot.train", "--versions", versions]
    command += ["--model", model.full_name, "--experiment", model.experiment_name]
    command += ["--index", index] if index else []
    try:
        done = subprocess.run(command, cwd=SOURCE, env=environment, timeout=BOUND, check=False)
    except subprocess.TimeoutExpired:
        raise TrainingError(f"training versions {versions} did not end within {BOUND} s") from None
    if done.returncode:
        raise TrainingError(f"training versions {versions} failed (exit code {done.returncode}); its words are above")


@click.command()
@click.option("--versions", default="1-7", show_default=True, help="Such as 7, 6,7 or 1-7; 9 cannot be loaded.")
@click.option("--index", help="Index of vector search that version 8 writes to and reads, in three parts.")
@click.option("--stack", default=LOCAL, show_default=True, help="The local stack, or one that is rehearsed.")
def main(versions: str, index: str | None, stack: str) -> None:
    """Train the chatbot's versions for each model of a stack on a sandbox."""
    try:
        _train(versions, index, stack)
    except (ModelOpsError, TrainingError) as error:
        raise refused(error) from None


def _train(versions: str, index: str | None, name: str) -> None:
    rehearsed = Rehearsed.find(name)
    if rehearsed is None and name != LOCAL:
        raise TrainingError(
            f"Stack {name} is on no sandbox. Put it on one: {SANDBOX_VARIABLE}=DIR make up STACK={name}"
        )
    home = Home(rehearsed.home if rehearsed else Path.cwd() / OWN_HOME)
    stack = address(name, Path.cwd())
    if lifecycle.running(home) is None:
        raise TrainingError(f"The sandbox does not run. Start it: {stack.commands.sandbox}")
    for model in target(stack).models.values():
        train(home, model, versions, index)
    say(f"Now pin one of them in {stack.file.name} (servedVersion: …), then: {stack.commands.up}")


if __name__ == "__main__":
    main()
