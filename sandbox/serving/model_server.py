"""One model server, seen from the router: its process, its socket, and the requests that it has in hand."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.serving.child import Child
from sandbox.serving.keeper import Keeper, Phase
from sandbox.serving.served_config import EntityState
from sandbox.serving.upstream import Upstream
from sandbox.serving.wire import Reply

LONGEST_REQUEST = 297.0
"""Seconds that Databricks gives a request, and so the longest that draining takes."""
GRACE = 5.0
"""Seconds that an idle model server gets to end by itself."""
STATES = {
    Phase.STARTING: EntityState.CREATING,
    Phase.READY: EntityState.READY,
    Phase.RECOVERING: EntityState.RECOVERING,
    Phase.FAILED: EntityState.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class Berth:
    """Where one model server runs: its listening socket, that socket's path, and its scratch directory."""

    listener: socket.socket
    path: Path
    scratch: Path

    def clear(self) -> None:
        """Leave nothing."""
        self.listener.close()
        self.path.unlink(missing_ok=True)
        shutil.rmtree(self.scratch, ignore_errors=True)


class ModelServer:
    """Serves the entity `name` of an endpoint by the process that `run` starts, which uses the berth.

    `proven` says that it has served before, so it is never given up.
    """

    def __init__(
        self, endpoint: str, name: str, berth: Berth, run: Callable[[], Awaitable[Child]], *, proven: bool
    ) -> None:
        self.name = name
        self.in_flight = 0
        self._berth = berth
        self._upstream = Upstream(berth.path)
        self._keeper = Keeper(
            run,
            self._upstream,
            probe="/ping",
            name=f"Model server {endpoint}/{name}",
            attempts=None if proven else 1,
        )
        self._idle = asyncio.Event()
        self._idle.set()
        self._kept: asyncio.Task[None] | None = None

    @property
    def state(self) -> EntityState:
        """Its state as Databricks names it."""
        return STATES[self._keeper.phase]

    @property
    def message(self) -> str:
        """Why it is not ready, as far as that is known."""
        return self._keeper.message

    @property
    def ready(self) -> bool:
        """Whether it takes requests."""
        return self._keeper.phase is Phase.READY

    def start(self, watch: Callable[[], None]) -> None:
        """Start its process; `watch` is called whenever its state has changed."""
        self._keeper.watch = watch
        self._kept = asyncio.create_task(self._keeper.keep())

    def take(self) -> None:
        """Count a request in, at the very moment that it is chosen for it."""
        self.in_flight += 1
        self._idle.clear()

    def release(self) -> None:
        """Count a request out."""
        self.in_flight -= 1
        if not self.in_flight:
            self._idle.set()

    async def ask(self, request: bytes) -> Reply:
        """Send it a whole request; raises ConnectionError if it dies before the whole reply has come."""
        return await self._upstream.ask(request)

    async def drain(self) -> None:
        """Let the requests that it has in hand finish, at most LONGEST_REQUEST seconds, and stop it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_REQUEST):
                await self._idle.wait()
        await self.stop()

    async def stop(self, grace: float = GRACE) -> None:
        """Stop it now."""
        if self._kept is not None:
            self._kept.cancel()
            await asyncio.gather(self._kept, return_exceptions=True)
        self._keeper.watch = lambda: None
        await self._keeper.stop(grace)
        self._berth.clear()
