"""How the API process is run."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from sandbox.home import Home
from sandbox.serving.child import Command
from sandbox.serving.instance import Runtime

API = ("-m", "sandbox.workspace")
"""What Python runs as the API process."""
FOREIGN = ("DATABRICKS_", "MLFLOW_", "_MLFLOW_", "PULUMI_", "ARM_", "AZURE_")
"""Variables that would have it act on another workspace, or on itself."""


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return the API's environment: ours, but for what names another workspace, and no telemetry."""
    passed = {name: value for name, value in ours.items() if not name.startswith(FOREIGN)}
    return {**passed, "PYTHONUNBUFFERED": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


def command(home: Home, runtime: Runtime, descriptor: int, *, api: Sequence[str] = API) -> Command:
    """Return the command of the API process, which serves on the listening socket `descriptor`."""
    options = ("--home", str(home.root), "--fd", str(descriptor), "--control", str(runtime.control_socket))
    return Command(
        argv=(sys.executable, *api, *options),
        env=environment(os.environ),
        cwd=home.root,
        log=home.logs / "api.log",
        descriptors=(descriptor, runtime.alive),
    )
