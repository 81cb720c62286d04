"""Asks the Pulumi CLI about the released Databricks plugin."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

NAME = "pulumi-resource-databricks"
"""The plugin's executable, by which the engine looks for it on the PATH."""
STAND_IN = "# The stand-in for the released Databricks plugin, for the sandbox on this machine alone."
"""What is written into the one of that name that is our own."""
INSTALL_BOUND = 180
"""Seconds that the download of the released plugin may take."""


def is_installed(pulumi: str, environment: Mapping[str, str], wanted: str) -> bool:
    """Say whether the released plugin is there, in that version; or any on the PATH, which the engine takes first."""
    if _on_path(environment):
        return True
    if (home := _home(environment)) and not (home / "plugins" / f"resource-databricks-v{wanted}").exists():
        return False  # the CLI would say the same, and takes half a second for it
    try:
        listing = run([pulumi, "plugin", "ls", "--json"], environment)
    except subprocess.TimeoutExpired:
        return False
    if listing.returncode:
        return False
    plugins = json.loads(listing.stdout or "[]")
    return any(plugin.get("name") == "databricks" and plugin.get("version") == wanted for plugin in plugins)


def _home(environment: Mapping[str, str]) -> Path | None:
    """Where the CLI keeps its plugins, as it finds that out itself; None where it would have to ask the system."""
    if own := environment.get("PULUMI_HOME"):
        return Path(own)
    return Path(environment["HOME"]) / ".pulumi" if environment.get("HOME") else None


def _on_path(environment: Mapping[str, str]) -> bool:
    """Whether the engine finds a plugin on the PATH that is not our own stand-in."""
    if environment.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in {"true", "1"}:
        return False
    found = shutil.which(NAME, path=environment.get("PATH"))
    if found is None:
        return False
    with Path(found).open("rb") as file:
        return STAND_IN.encode() not in file.read(1000)


def run(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the CLI, as long as a download may take; raises TimeoutExpired."""
    return subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=INSTALL_BOUND, check=False
    )


def cause(words: str) -> str:
    """The last reason that the installer gave: it retries, and sums up with less than it knew; empty if none."""
    lines = words.strip().splitlines()
    reasons = [line.rpartition('": ')[2] for line in lines if "Error downloading plugin" in line]
    return (reasons or lines or [""])[-1]
