"""The sandbox on the command line: `python -m sandbox start|stop|status|run`."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from model_ops import disk
from model_ops.cli.output import echo, refused, say
from model_ops.commands import python
from sandbox import lifecycle
from sandbox.home import Home
from sandbox.lifecycle import SandboxError

home_option = click.option(
    "--home",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".sandbox"),
    show_default=True,
    help="The directory that holds all of it.",
)
bind_option = click.option(
    "--bind",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on. Any other lets other machines reach the workspace, in plain HTTP.",
)


EXPERIMENT = "/Shared/training"
"""Where runs go whose training names no experiment: with Databricks' address, MLflow has no default one."""


class Commands(click.Group):
    """Shows what refuses a command in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SandboxError as error:
            raise refused(error) from None
        except OSError as error:
            raise refused(disk.refusal(error)) from None


@click.group(cls=Commands)
def main() -> None:
    """Run a Databricks workspace on this machine."""


@main.command()
@home_option
@bind_option
def start(root: Path, bind: str) -> None:
    """Start it in the background."""
    home = _started(root, bind)
    echo(_how_to_use(home, bind))


@main.command()
@home_option
@bind_option
def run(root: Path, bind: str) -> None:
    """Start it and stay until Ctrl-C, then stop it."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    home = _started(root, bind)
    echo(_how_to_use(home, bind))
    say("Stop it with Ctrl-C.")
    while lifecycle.running(home) is not None and not told.wait(1.0):
        pass
    lifecycle.stop(home)


@main.command()
@home_option
def stop(root: Path) -> None:
    """Stop it and all of its processes; what it holds is kept."""
    home = Home(root.absolute())
    if lifecycle.running(home) is not None:
        say(f"Stopping the sandbox in {home.root} …")
    say(f"The sandbox in {home.root} {'has stopped' if lifecycle.stop(home) else 'was not running'}.")


@main.command()
@home_option
def status(root: Path) -> None:
    """Say whether it runs: exit code 0 if so, 1 if not."""
    home = Home(root.absolute())
    pid = lifecycle.running(home)
    if pid is None:
        say(f"The sandbox in {home.root} is not running. Start it with: {_command('start', home)}")
        sys.exit(1)
    echo(f"{home.url} (process {pid})")


def _started(root: Path, bind: str) -> Home:
    home = Home(root.absolute())
    say(f"Starting the sandbox in {home.root} …")
    lifecycle.start(home, bind=bind)
    return home


def _how_to_use(home: Home, bind: str) -> str:
    url, token = lifecycle.address(home, bind), shlex.quote(str(home.token_file))
    return f"""\
The workspace is at {url}; its token is in {home.token_file}.

For the Databricks SDK and command line:
  export DATABRICKS_HOST={url} DATABRICKS_TOKEN="$(cat {token})"
For MLflow, these too:
  export MLFLOW_TRACKING_URI=databricks MLFLOW_REGISTRY_URI=databricks-uc MLFLOW_EXPERIMENT_NAME={EXPERIMENT}
In a browser: open {url} and sign in with the token.
To stop it: {_command("stop", home)}"""


def _command(verb: str, home: Home) -> str:
    return f"{python()} -m sandbox {verb} --home {shlex.quote(str(home.root))}"


if __name__ == "__main__":
    main()
