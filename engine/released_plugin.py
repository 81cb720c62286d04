"""Asks the Pulumi CLI about the released Databricks plugin."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

INSTALL_BOUND = 180
"""Seconds that the download of the released plugin may take."""


def is_installed(pulumi: str, environment: Mapping[str, str], wanted: str) -> bool:
    """Say whether the released plugin of that version is there."""
    try:
        listing = run([pulumi, "plugin", "ls", "--json"], environment)
    except subprocess.TimeoutExpired:
        return False
    if listing.returncode:
        return False
    plugins = json.loads(listing.stdout or "[]")
    return any(plugin.get("name") == "databricks" and plugin.get("version") == wanted for plugin in plugins)


def run(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the CLI, as long as a download may take; raises TimeoutExpired."""
    return subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=INSTALL_BOUND, check=False
    )
