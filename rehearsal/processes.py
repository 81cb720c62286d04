"""Which processes belong to the demo, so that it can say whether one of them is left."""

from __future__ import annotations

import os
from collections.abc import Iterable

import psutil

MARK = "ROLLPIN_DEMO"


def below(pid: int) -> list[psutil.Process]:
    """The processes that descend from `pid`, those that have ended meanwhile left out."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def own() -> list[psutil.Process]:
    """The processes that descend from this one."""
    return below(os.getpid())


def mark() -> None:
    """Mark every process that this one starts from now on, so that one that changes its parent is found too."""
    os.environ[MARK] = str(os.getpid())


def marked() -> list[psutil.Process]:
    """The processes that carry this one's mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(os.getpid()):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


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
