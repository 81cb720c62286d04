"""Which processes there are below another, and which of them are left."""

from __future__ import annotations

from collections.abc import Iterable

import psutil


def below(pid: int) -> list[psutil.Process]:
    """Those that descend from `pid`, without those that have ended meanwhile."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def left(processes: Iterable[psutil.Process]) -> list[int]:
    """The pids of those that still run."""
    running = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                running.append(process.pid)
        except psutil.NoSuchProcess:
            continue
    return running
