"""The fork server: model servers are forked from it, so that none of them has to import MLflow anew."""

from __future__ import annotations

import asyncio
import logging
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from sandbox.serving.child import Child, Command
from sandbox.serving.fork_process import ForkProcess
from sandbox.serving.orphans import Orphans

GRACE = 2.0
"""Seconds that its process gets to end by itself."""
PACKAGES = Path(sysconfig.get_path("purelib"))
"""Where what it imports is installed."""

_logger = logging.getLogger(__name__)


class NotForkedError(Exception):
    """A process has not been forked, and nothing is left of the attempt; the message says why."""


class ForkServer:
    """Keeps at most one process, which `start` starts: when it is first needed, and again once it was lost.

    None is started after one that was lost before it had forked anything. One is replaced when other packages have been
    installed than it has imported.
    """

    def __init__(self, start: Callable[[], ForkProcess], orphans: Orphans, packages: Path = PACKAGES) -> None:
        self._start, self._orphans, self._packages = start, orphans, packages
        self._process: ForkProcess | None = None
        self._imported = 0
        self._useless = "" if sys.platform == "linux" else "it works on Linux only"
        self._watches: set[asyncio.Task[None]] = set()

    async def fork(self, command: Command) -> Child:
        """Return the process that a model server's command would start; raises NotForkedError."""
        with self._orphans.spared():
            try:
                process = await self._running()
                return await self._forked(process, command)
            except OSError as error:
                raise NotForkedError(f"The fork server failed: {error}") from error

    async def stop(self) -> None:
        """End its process; what was forked from it goes on."""
        if self._process is not None:
            await self._dismiss(self._process, GRACE)

    async def _running(self) -> ForkProcess:
        installed = self._packages.stat().st_mtime_ns
        if self._process is not None and installed != self._imported:
            _logger.info("Packages have been installed: the fork server is started anew")
            await self._dismiss(self._process, GRACE)
        if self._process is None:
            if self._useless:
                raise NotForkedError(f"There is no fork server: {self._useless}")
            self._orphans.adopt()
            self._process, self._imported = self._start(), installed
            watch = asyncio.create_task(self._watch(self._process))
            self._watches.add(watch)
            watch.add_done_callback(self._watches.discard)
        return self._process

    async def _forked(self, process: ForkProcess, command: Command) -> Child:
        try:
            return await process.fork(command)
        except TimeoutError:
            if not process.proven:
                self._useless = "it did not answer"
            await self._dismiss(process, 0)
            raise NotForkedError("The fork server did not answer, and has been killed") from None

    async def _watch(self, process: ForkProcess) -> None:
        how = await process.ended()
        if self._process is process:
            self._process = None
            if not process.proven:
                self._useless = f"it ended with {how}"
            _logger.warning("The fork server ended with %s", how)

    async def _dismiss(self, process: ForkProcess, grace: float) -> None:
        if self._process is process:
            self._process = None
        await process.child.stop(grace)
