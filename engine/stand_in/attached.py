"""One process for all of the providers that runs of the engine want: it attaches to them instead of starting each.

The engine has a connection of its own for every provider, two or three in a run. Each gets one here as well, so that
they know as little of each other as processes would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from google.protobuf.empty_pb2 import Empty

from engine.stand_in.servicer import Context, Servicer


class Attached:
    """Answers each connection by a provider of its own, which `made` makes for the engine at an address."""

    def __init__(self, made: Callable[[str], Servicer]) -> None:
        self._made = made
        self._servicers: dict[str, tuple[str, Servicer]] = {}
        """The engine's address and the provider, by the connection that asks."""

    def __getattr__(self, name: str) -> Callable[[Any, Context], Awaitable[Any]]:
        """Give what answers a call of that name."""

        async def answer(request: Any, context: Context) -> Any:
            found = self._servicer(context)
            try:
                return await getattr(found, name)(request, context)
            except asyncio.CancelledError:  # the engine that asked is gone: nobody waits for what is still to come
                await found.give_up()
                raise

        return self._attach if name == "Attach" else answer

    async def _attach(self, request: Any, context: Context) -> Any:
        """Make a provider for the connection, and forget those of runs that are over."""
        address = request.address
        self._servicers = {peer: found for peer, found in self._servicers.items() if found[0] == address}
        self._servicers[context.peer()] = (address, self._made(address))
        return Empty()

    def _servicer(self, context: Context) -> Servicer:
        peer = context.peer()
        if peer not in self._servicers:
            self._servicers[peer] = ("", self._made(""))
        return self._servicers[peer][1]
