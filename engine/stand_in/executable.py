"""Puts the stand-in where the engine looks for the Databricks plugin: on the PATH of the local stack alone."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from engine.released_plugin import NAME, STAND_IN
from engine.stand_in.announcement import MARK


def install(directory: Path) -> Path:
    """Write an executable named as the engine expects a plugin to be into `directory`; returns its path."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    script = directory.resolve() / NAME
    root = Path(__file__).resolve().parents[2]
    mark = shlex.quote(str(script.with_name(".last-run")))
    # -P: the engine runs plugins in the project's directory, whose packages must not come before ours.
    script.write_text(
        "#!/bin/sh\n"
        f"{STAND_IN}\n"
        f'export PYTHONPATH={shlex.quote(str(root))}"${{PYTHONPATH:+:$PYTHONPATH}}" {MARK}={mark}\n'
        f'exec {shlex.quote(sys.executable)} -P -m engine.stand_in "$@"\n'
    )
    script.chmod(0o700)
    return script
