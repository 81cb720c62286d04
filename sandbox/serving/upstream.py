"""Keep-alive connections to one server on a Unix socket.

aiohttp's client would do, but takes several times as long for a small request as all the rest of the router.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sandbox.serving.wire import Reply, ReplyReader

MOST_IDLE = 600.0
"""Seconds after which a connection is not used again; far less than the model servers' own keep-alive."""


class NotSentError(ConnectionError):
    """The connection was closed before a byte of the request was on its way, so it can be sent again."""


class Connection(asyncio.Protocol):
    """One connection, for one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reader = ReplyReader()
        self._reply: asyncio.Future[Reply] | None = None
        self.used = 0.0
        """When it was last free, in the event loop's time."""

    @property
    def open(self) -> bool:
        """Whether it can take a request."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Reply:
        """Send a whole request and return the whole response; raises NotSentError or another ConnectionError."""
        if self._transport is None or self._transport.is_closing():
            raise NotSentError
        self._reader = ReplyReader()
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        # The first attempt to send is made in write(). Had it sent anything, the transport would still be open.
        if self._transport.is_closing():
            raise NotSentError
        try:
            return await self._reply
        finally:
            self._reply = None

    def close(self) -> None:
        """Drop it at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Read on; bytes that nobody asked for end the connection."""
        if self._reply is None or self._reply.done():
            self.close()
            return
        try:
            reply = self._reader.feed(data)
        except ConnectionError as error:
            self._reply.set_exception(error)
            self.close()
            return
        if reply is not None:
            self._reply.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request that waits, if one does."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(ConnectionResetError(f"the server closed the connection ({exc})"))


class Upstream:
    """The connections to the server that listens at `path`; the one used last is used next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[Connection] = []

    async def ask(self, request: bytes) -> Reply:
        """Send a whole request and return the whole response; raises ConnectionError if the server is lost."""
        while connection := self._take():
            try:
                return await self._ask(connection, request)
            except NotSentError:
                continue
        return await self._ask(await self._connect(), request)

    def close(self) -> None:
        """Drop the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    async def _ask(self, connection: Connection, request: bytes) -> Reply:
        try:
            reply = await connection.ask(request)
        except BaseException:
            # Cancelled or failed midway: what arrives on it now would answer the wrong request.
            connection.close()
            raise
        if reply.keep:
            connection.used = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.close()
        return reply

    def _take(self) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - MOST_IDLE
        while self._idle:
            connection = self._idle.pop()
            if connection.open and connection.used > oldest:
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_unix_connection(Connection, str(self._path))
        return connection
