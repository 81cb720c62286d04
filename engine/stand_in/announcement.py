"""Says once a run that the stand-in is at work: the engine starts several provider processes for one run."""

from __future__ import annotations

import fcntl
import os

MARK = "ROLLPIN_STAND_IN_MARK"
"""The environment variable that names the file in which the last run is remembered; `plugin.install` sets it."""
TEXT = "the stand-in provider acts in place of the released Databricks plugin, on this machine's sandbox alone"


def first_of_run(run: str) -> bool:
    """Say whether no other provider process of `run` has announced itself, as far as that can be known."""
    path = os.environ.get(MARK)
    if not path:
        return True
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.seek(0)
        if mark.read() == run:
            return False
        mark.truncate(0)
        mark.write(run)
    return True
