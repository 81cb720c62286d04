"""Which processes belong to the demo, so that it can say whether one of them is left."""

from __future__ import annotations

import os
from collections.abc import Iterable

import psutil


def below(pid: int) -> list[psutil.Process]:
    """The processes that descend from `pid`, those that have ended meanwhile left out."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def own() -> list[psutil.Process]:
    """The processes that descend from this one."""
    return below(os.getpid())


def left(processes: Iterable[psutil.Process]) -> list[str]:
    """Pid and command of those that still run; one whose pid was given to another process has ended."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())}")
        except psutil.NoSuchProcess:
            continue
    return found
