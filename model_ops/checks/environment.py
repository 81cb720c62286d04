"""The check that the Python packages can be had together that a model is served with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from model_ops.checks.report import Check, failed, passed, unknown
from model_ops.versions.requirement import parsed

NAME = "environment"
PATIENCE = 60
"""Seconds that the resolver may take."""
IMPOSSIBLE = "No solution found"
"""How uv begins to say that no versions go together, or that a package does not exist; all else is no answer."""
MEND = "name versions that exist in pip_requirements, log the model again and register it as a new version"


def check_environment(requirements: Sequence[str], python_version: str | None) -> Check:
    """Resolve the requirements, without installing anything, for the Python that the model was logged with."""
    odd = [line for line in requirements if not _portable(line)]
    if odd or not requirements:
        what = f"{', '.join(odd)}: no package that another machine can install" if odd else "it names no packages"
        return failed(NAME, what, MEND)
    command = _resolver(python_version)
    if command is None:
        return unknown(NAME, "there is no uv here to resolve its packages with: pip install uv")
    return _resolve(command, requirements)


def _resolve(command: Sequence[str], requirements: Sequence[str]) -> Check:
    try:
        done = subprocess.run(
            command, input="\n".join(requirements), capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return unknown(NAME, f"its packages were not resolved within {PATIENCE} s")
    if done.returncode == 0:
        count = sum(1 for line in done.stdout.splitlines() if line and not line.startswith((" ", "#")))
        return passed(NAME, f"its {len(requirements)} requirements resolve, to {count} packages")
    why = " ".join(done.stderr.split())
    if IMPOSSIBLE in why:
        return failed(NAME, f"its packages cannot be had together: {why[:400]}", MEND)
    return unknown(NAME, f"whether its packages can be had together cannot be told from here: {why[:300]}")


def _portable(line: str) -> bool:
    """Say whether a line names a package of an index, and not an option, a path or an address."""
    requirement = parsed(line)
    return requirement is not None and requirement.url is None


def _resolver(python_version: str | None) -> list[str] | None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        return None
    version = [] if python_version is None else ["--python-version", python_version]
    # A source distribution runs its own code when it is built, and may do so with this process's credentials.
    return [uv, "pip", "compile", "--quiet", "--no-build", "--no-header", "--no-annotate", *version, "-"]
