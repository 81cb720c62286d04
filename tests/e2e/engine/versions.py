"""Versions to serve that are quick to make and to load."""

import os
import subprocess
import sys
from pathlib import Path

from sandbox.home import Home

SCRIPT = Path(__file__).with_name("register_versions.py")


def register(home: Home, model: str) -> None:
    """Register versions 1 and 2 of `model`, which serve, 3, which does not load, and 4, which never ends loading."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": home.url, "MLFLOW_TRACKING_TOKEN": home.token}
    subprocess.run([sys.executable, SCRIPT, model], env=environment, check=True, timeout=200, capture_output=True)
