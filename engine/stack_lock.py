"""Lets one run at a time work on a stack, and says who does."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.home import append_private


class StackBusyError(Exception):
    """Another run holds the stack; the message says which process and what to do."""


@contextmanager
def alone(file: Path, label: str) -> Iterator[None]:
    """Hold the lock in `file` of the stack that is called `label`; raises StackBusyError where another run does."""
    with append_private(file) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackBusyError(
                f"another run of {label} is going on. Wait for it to end, then run this again."
            ) from None
        yield


def refuse_if_alive(message: str, label: str) -> None:
    """Raise StackBusyError where a process that the engine's `message` names still lives."""
    for pid in re.findall(r"pid:?\s+(\d+)", message):
        if _alive(int(pid)):
            raise StackBusyError(
                f"the engine's process {pid} still works on {label}. Wait for it to end, "
                f"or end it (kill -INT {pid}), then run this again."
            )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
