"""Processes that have lost their parent below this one: Linux hands them to it, once it has asked for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from sandbox.serving.child import Child

PR_SET_CHILD_SUBREAPER = 36
"""From linux/prctl.h."""


class Orphans:
    """Reaps those that end, and leaves to every Child to learn how it ended."""

    def __init__(self) -> None:
        self._spared = 0

    def adopt(self) -> None:
        """Take them from now on, in the running event loop; raises OSError where Linux refuses it."""
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        if library.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)

    @contextlib.contextmanager
    def spared(self) -> Iterator[None]:
        """Reap none within: one of them is to become a Child."""
        self._spared += 1
        try:
            yield
        finally:
            self._spared -= 1
            self._reap()

    def _reap(self) -> None:
        if self._spared:
            return
        for pid in _children() - Child.pids():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # the thread has ended meanwhile
            found.update(map(int, (task / "children").read_text().split()))
    return found
