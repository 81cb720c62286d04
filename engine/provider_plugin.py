"""Chooses the Databricks provider for the local stack: the released plugin, or the stand-in where it cannot be had."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from engine.released_plugin import INSTALL_BOUND, cause, is_installed, run
from engine.stand_in import executable as stand_in
from sandbox.home import Home, write_private

Report = Callable[[str], None]


@dataclass(frozen=True)
class Plugin:
    """Which provider the local stack uses, and what its environment needs for that."""

    kind: Literal["released", "stand-in"]
    path: Path | None = None
    """A directory that goes first on the PATH of the local stack, and of nothing else."""

    def __str__(self) -> str:
        """Say which provider it is."""
        cannot = ": the released one cannot be had here" if self.kind == "stand-in" else ""
        return f"{self.kind} provider{cannot}"


def choose(home: Home, pulumi: str, environment: Mapping[str, str], report: Report, note: Report) -> Plugin:
    """Return the released plugin if it is installed or can be; what was found lacking is asked once a sandbox.

    `report` hears of a download, `note` why there is none.
    """
    wanted = version("pulumi-databricks")
    if is_installed(pulumi, environment, wanted):
        return Plugin("released")
    refusal = home.root / "no-released-provider"
    if not refusal.exists():
        report(f"installing the released Databricks provider {wanted} …")
        if not (reason := _install(pulumi, environment, wanted)):
            return Plugin("released")
        write_private(refusal, f"{reason}\n")
    note(
        f"the released Databricks provider {wanted} cannot be had here: {_first_line(refusal)} "
        f"(to try again: rm {refusal})"
    )
    directory = home.root / "plugins"
    directory.mkdir(mode=0o700, exist_ok=True)
    stand_in.install(directory)
    return Plugin("stand-in", directory)


def _install(pulumi: str, environment: Mapping[str, str], wanted: str) -> str:
    """Install the released plugin; return why that failed, or nothing."""
    try:
        done = run([pulumi, "plugin", "install", "resource", "databricks", wanted], environment)
    except subprocess.TimeoutExpired:
        return f"its download did not end within {INSTALL_BOUND} s"
    if done.returncode == 0:
        return ""
    return cause(done.stderr) or f"`pulumi plugin install` exited {done.returncode}"


def _first_line(path: Path) -> str:
    return path.read_text().partition("\n")[0]
