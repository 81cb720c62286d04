"""The command that trains versions of the chatbot: `python -m examples.chatbot.train --versions 1-7`."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import click

from examples.chatbot.versions import VERSIONS

MODEL = "local.chatbot.dbdemos_advanced_chatbot_model"
UNSET = (
    "It is not set where to train to: start the sandbox with `make sandbox`, set DATABRICKS_HOST to the address it "
    "prints and DATABRICKS_TOKEN to its token, and export MLFLOW_TRACKING_URI=databricks "
    "MLFLOW_REGISTRY_URI=databricks-uc. For a plain MLflow server, set MLFLOW_TRACKING_URI to its address."
)

PATIENCE = 10
"""Seconds for the first answer."""
MENDS = {
    "CATALOG_DOES_NOT_EXIST": "Deploy the stack that makes it, without a pin: make up STACK=local",
    "SCHEMA_DOES_NOT_EXIST": "Deploy the stack that makes it, without a pin: make up STACK=local",
    "Invalid access token": "Set DATABRICKS_TOKEN to the workspace's token; `make sandbox` says where it is.",
    "credential configuration failed": "Set DATABRICKS_HOST and DATABRICKS_TOKEN; `make sandbox` prints both.",
}
"""What to do about the words of an error; the first that fit."""


def numbers(value: str) -> list[int]:
    """Read version numbers as people write them: `7`, `6,7` or `1-7`; raises click.BadParameter with what is wrong."""
    chosen: list[int] = []
    for part in value.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise click.BadParameter(f"{part!r} is neither a number nor a range such as 1-7")
        chosen += range(int(first), int(last or first) + 1)
    if not chosen or not set(chosen) <= VERSIONS.keys():
        raise click.BadParameter(f"{value!r} is not among the versions {min(VERSIONS)} to {max(VERSIONS)}")
    return chosen


def experiment_of(model: str) -> str:
    """Return the experiment that a stack makes for a model, where its catalog has the stack's name."""
    levels = model.split(".")
    if len(levels) != 3:
        raise click.BadParameter(f"{model!r} is not catalog.schema.model, as in {MODEL}")
    return f"/Shared/rollpin-{levels[0]}-{levels[2]}"


@click.command()
@click.option("--versions", default="1-7", show_default=True, help="Such as 7, 6,7 or 1-7; 9 cannot be loaded.")
@click.option("--model", default=MODEL, show_default=True, help="Full name of the registered model.")
@click.option("--experiment", help="Path of the experiment.  [default: /Shared/rollpin-<catalog>-<model>]")
@click.option("--index", "remote", help="Index of vector search that version 8 writes to and reads, in three parts.")
def main(versions: str, model: str, experiment: str | None, remote: str | None) -> None:
    """Train versions of the chatbot and register them, in order."""
    chosen, experiment = numbers(versions), experiment or experiment_of(model)
    if remote is None and (reading := [number for number in chosen if VERSIONS[number].remote]):
        raise click.BadParameter(f"version {reading[0]} reads an index of vector search: name it with --index")
    if not _signed_in(os.environ):
        raise click.ClickException(UNSET)
    if (silence := unanswered(os.environ)) is not None:
        raise click.ClickException(silence)
    quieten()
    click.echo("loading MLflow and scikit-learn …", err=True)
    from mlflow.exceptions import MlflowException

    from examples.chatbot import training

    for number in chosen:
        click.echo(f"version {number}: training …", err=True)
        try:
            trained = training.train(VERSIONS[number], model=model, experiment=experiment, remote=remote)
        except (MlflowException, OSError) as error:  # that nothing answers is an OSError
            raise click.ClickException(f"version {number} was not trained: {reason(error)}") from None
        click.echo(training.described(trained))


def _signed_in(environment: Mapping[str, str]) -> bool:
    """Whether the environment leads to a server; without anything, the SDK looks for minutes for a cloud to ask."""
    address = environment.get("MLFLOW_TRACKING_URI", "")
    file = Path(environment.get("DATABRICKS_CONFIG_FILE") or "~/.databrickscfg").expanduser()
    ways = ("DATABRICKS_HOST", "DATABRICKS_RUNTIME_VERSION")
    return bool(address) and (address != "databricks" or file.exists() or any(map(environment.get, ways)))


def unanswered(environment: Mapping[str, str]) -> str | None:
    """Say that nothing answers where training goes, None where something does: MLflow would try for minutes."""
    address = environment["MLFLOW_TRACKING_URI"]
    host = environment.get("DATABRICKS_HOST", "") if address == "databricks" else address
    if not host.startswith(("http://", "https://")):
        return None
    try:
        with urlopen(f"{host.rstrip('/')}/.well-known/databricks-config", timeout=PATIENCE):  # noqa: S310 - it is http
            return None
    except HTTPError:
        return None  # whatever it says, it is there
    except OSError as error:
        return f"{host} does not answer: {error}\nStart the sandbox if it does not run: make sandbox"


def reason(error: Exception) -> str:
    """Say what went wrong in MLflow or below it, without the SDK's settings, and what to type where that is known."""
    said = str(error).partition(". Config: ")[0].strip().splitlines()
    line = said[0] if said else type(error).__name__
    mend = next((mend for words, mend in MENDS.items() if words in line), "")
    return f"{line}\n{mend}".strip()


def quieten() -> None:
    """Keep MLflow's own words out of the way of ours, and from waiting minutes for a server that is not there."""
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_DATABRICKS_ENDPOINT_HTTP_RETRY_TIMEOUT", "20")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    # It warns at each model that an environment made by uv holds no pip.
    logging.getLogger("mlflow.utils.environment").setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
