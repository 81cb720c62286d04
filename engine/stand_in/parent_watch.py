"""Ends this process when the one that started it is gone, so that a run that was killed leaves nothing behind."""

from __future__ import annotations

import os
import threading
import time

INTERVAL = 0.5


def follow(parent: int) -> None:
    """Watch the process `parent` from the side, and exit when it is not there any more."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(INTERVAL)
    # Nothing that still runs here matters to anybody now, threads that wait for an endpoint included.
    os._exit(0)
