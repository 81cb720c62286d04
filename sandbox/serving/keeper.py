"""Keeps one server process running: starts it, notices when it answers, starts it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum

from sandbox.serving.child import Child, ending
from sandbox.serving.upstream import Upstream

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds before a process that has died is started again: doubled each time until it answers."""

_logger = logging.getLogger(__name__)


class Phase(StrEnum):
    """Where a kept process stands."""

    STARTING = "starting"
    READY = "ready"
    RECOVERING = "recovering"
    FAILED = "failed"


class Keeper:
    """Keeps the process that `start` starts; it is ready when it answers 200 to a GET of `probe`.

    The probe needs no polling: the listening socket is ours, so the one request waits in its queue until the process
    accepts it. A process that has never been ready may fail `attempts` times (None: for ever) before it is given up.
    """

    def __init__(
        self, start: Callable[[], Awaitable[Child]], upstream: Upstream, *, probe: str, name: str, attempts: int | None
    ) -> None:
        self.phase = Phase.STARTING if attempts else Phase.RECOVERING
        self.message = ""
        self.watch: Callable[[], None] = lambda: None
        """Called whenever the phase has changed."""
        self._start, self._upstream, self._name, self._attempts = start, upstream, name, attempts
        self._probe = f"GET {probe} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
        self._child: Child | None = None
        self._pause = FIRST_PAUSE

    @property
    def pid(self) -> int | None:
        """The process id, if it runs."""
        return self._child.pid if self._child else None

    async def keep(self, first: Child | None = None) -> None:
        """Keep it running until it is given up or this is cancelled; `first` has been started before."""
        while True:
            reason = await self._live(first)
            first = None
            _logger.warning("%s: %s", self._name, reason)
            if self._attempts is not None:
                self._attempts -= 1
                if not self._attempts:
                    self._become(Phase.FAILED, reason)
                    return
            phase = Phase.RECOVERING if self._attempts is None else Phase.STARTING
            self._become(phase, f"{reason}; it is started again")
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def stop(self, grace: float) -> None:
        """End the process, at the latest `grace` seconds from now, and its group; `keep` must have been cancelled."""
        if self._child is not None:
            await self._child.stop(grace)
        self._upstream.close()

    async def _live(self, child: Child | None) -> str:
        try:
            self._child = child = child or await self._start()
        except OSError as error:
            return f"The process cannot be started: {error}"
        probe = asyncio.create_task(self._await_answer())
        try:
            code = await child.wait()
        finally:
            probe.cancel()
        self._child = None
        self._upstream.close()
        words = child.last_words()
        return f"The process ended with {ending(code)}" + (f": {words}" if words else "")

    async def _await_answer(self) -> None:
        with contextlib.suppress(ConnectionError):
            reply = await self._upstream.ask(self._probe)
            if reply.status == 200:
                self._attempts, self._pause = None, FIRST_PAUSE
                self._become(Phase.READY, "")

    def _become(self, phase: Phase, message: str) -> None:
        self.phase, self.message = phase, message
        _logger.info("%s is %s (process %s)", self._name, phase, self.pid)
        self.watch()
