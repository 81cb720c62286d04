"""The command that trains versions of the chatbot: `python -m examples.chatbot.train --versions 1-7`."""

from __future__ import annotations

import logging
import os

import click

from examples.chatbot.versions import VERSIONS

MODEL = "local.chatbot.dbdemos_advanced_chatbot_model"
UNSET = (
    "MLFLOW_TRACKING_URI is not set: start the sandbox with `make sandbox`, set DATABRICKS_HOST to the address it "
    "prints and DATABRICKS_TOKEN to its token, and export MLFLOW_TRACKING_URI=databricks "
    "MLFLOW_REGISTRY_URI=databricks-uc. For a plain MLflow server, set MLFLOW_TRACKING_URI to its address."
)


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
@click.option("--versions", default="1-7", show_default=True, help="Such as 7, 6,7 or 1-7; 8 cannot be loaded.")
@click.option("--model", default=MODEL, show_default=True, help="Full name of the registered model.")
@click.option("--experiment", help="Path of the experiment.  [default: /Shared/rollpin-<catalog>-<model>]")
def main(versions: str, model: str, experiment: str | None) -> None:
    """Train versions of the chatbot and register them, in order."""
    chosen, experiment = numbers(versions), experiment or experiment_of(model)
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        raise click.ClickException(UNSET)
    quieten()
    click.echo("loading MLflow and scikit-learn …", err=True)
    from mlflow.exceptions import MlflowException

    from examples.chatbot import training

    for number in chosen:
        click.echo(f"version {number}: training …", err=True)
        try:
            trained = training.train(VERSIONS[number], model=model, experiment=experiment)
        except MlflowException as error:
            raise click.ClickException(f"version {number} was not trained: {error.message}") from error
        click.echo(training.described(trained))


def quieten() -> None:
    """Keep MLflow's own words out of the way of ours, and from waiting minutes for a server that is not there."""
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    # It warns at each model that an environment made by uv holds no pip.
    logging.getLogger("mlflow.utils.environment").setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
