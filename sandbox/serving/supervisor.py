"""The API process: started first of all, started again when it dies."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sandbox.serving.child import Child, Command
from sandbox.serving.keeper import Keeper, Phase
from sandbox.serving.upstream import Upstream

PROBE = "/.well-known/databricks-config"
ATTEMPTS = 2
"""Starts that may fail before the first success; then it is no accident, and the router gives up."""
GRACE = 10.0
"""Seconds that it gets to end by itself."""


class Supervisor:
    """Keeps the API process running, whose first `child` runs already."""

    def __init__(self, run: Command, child: Child, path: Path) -> None:
        self.ready = asyncio.Event()
        """Set while it answers."""
        self.given_up = asyncio.Event()
        """Set when it will not start."""
        self._run, self._first = run, child
        upstream = Upstream(path)
        self._keeper = Keeper(self._spawn, upstream, probe=PROBE, name="API", attempts=ATTEMPTS)
        self._keeper.watch = self._observe
        self._kept: asyncio.Task[None] | None = None

    @property
    def message(self) -> str:
        """Why it is not ready, as far as that is known."""
        return self._keeper.message

    def start(self) -> None:
        """Begin to watch over it."""
        self._kept = asyncio.create_task(self._keeper.keep(self._first))

    async def stop(self) -> None:
        """Stop it."""
        if self._kept is not None:
            self._kept.cancel()
            await asyncio.gather(self._kept, return_exceptions=True)
        self.ready.clear()
        await self._keeper.stop(GRACE)

    async def _spawn(self) -> Child:
        return Child.spawn(self._run)

    def _observe(self) -> None:
        if self._keeper.phase is Phase.READY:
            self.ready.set()
        else:
            self.ready.clear()
        if self._keeper.phase is Phase.FAILED:
            self.given_up.set()
