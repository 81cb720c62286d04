"""`python -m engine.released_cli`: brings what the stacks in the cloud need, the released Pulumi CLI and its plugins.

It is Pulumi's own installer, as on a laptop, in the version that the sandbox builds; no third party's action has a part
in it. A CLI that is on the PATH already, and new enough, is left as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import click
from pulumi.automation import PulumiCommand
from pulumi.automation.errors import InvalidVersionError
from semver import VersionInfo

from engine import pulumi_cli, pulumi_cloud, released_plugin
from engine.go_module import VERSION
from model_ops import commands
from model_ops.cache import cache
from model_ops.cli.output import instruct, refused, say
from model_ops.errors import StackError, first_line
from model_ops.forge.run import Run

PLUGINS = ("databricks", "azure-native")


def bring() -> str:
    """Install what is missing, put it on the PATH of the steps after this one, and give the CLI's path.

    Raises StackError where something cannot be had.
    """
    pulumi = _on_path()
    if pulumi is None:
        pulumi = _installed()
        _put_on_path(Path(pulumi).parent)
    for name in PLUGINS:
        _plugin(pulumi, name, version(f"pulumi-{name}"))
    return pulumi


def _on_path() -> str | None:
    found = pulumi_cli.on_path(say, say)
    if found is None:
        return None
    command = found.command.command
    host = shutil.which("pulumi-language-python") or Path(command).resolve().with_name("pulumi-language-python")
    return command if Path(host).exists() else None


def _installed() -> str:
    root = cache() / "pulumi-installed"
    say(f"installing the Pulumi CLI {VERSION} by Pulumi's installer …")
    try:
        return PulumiCommand.install(root=str(root), version=VersionInfo.parse(VERSION)).command
    except (OSError, subprocess.SubprocessError, InvalidVersionError) as error:
        raise StackError(
            f"Pulumi's installer cannot be had here: {first_line(error)}\n"
            "Install the CLI by hand (https://www.pulumi.com/docs/install), and put it on the PATH"
        ) from None


def _put_on_path(directory: Path) -> None:
    if not Run(os.environ).put_on_path(directory, instruct):
        say(f'Put it on the PATH of this shell: export PATH="{directory}:$PATH"')


def _plugin(pulumi: str, name: str, wanted: str) -> None:
    say(f"looking for the plugin {name} {wanted} …")
    command = [pulumi, "plugin", "install", "resource", name, wanted]
    try:
        done = released_plugin.run(command, os.environ)
    except subprocess.TimeoutExpired:
        raise StackError(f"The plugin {name} {wanted} did not come in time. Try again: make pulumi") from None
    if done.returncode:
        said = released_plugin.cause(done.stderr) or "it said nothing"
        raise StackError(f"The plugin {name} {wanted} cannot be had: {said}\nTry by hand: {' '.join(command)}")


@click.command()
def main() -> None:
    """Bring the released Pulumi CLI and its plugins, and sign in to Pulumi Cloud where that keeps the state."""
    if os.environ.get(commands.SANDBOX_VARIABLE, "").strip():
        # Where a sandbox stands for the workspace, any engine does, also one that is built here.
        pulumi_cli.main()
        return
    try:
        pulumi = bring()
        pulumi_cloud.sign_in(pulumi, os.environ)
    except StackError as error:
        raise refused(error) from None
    say(f"{pulumi} is ready.")


if __name__ == "__main__":
    main()
