"""Request bodies, read no further than they may be long, and waited for no longer than their bytes keep coming."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from sandbox.serving.errors import ApiError, too_large, too_slow

LONGEST_WAIT = 60.0
"""Seconds that a body is waited for, all of its pauses together."""
SLOWEST = 16 * 1024
"""Bytes for which it is waited a second more: whoever sends a large body steadily is never too slow."""


class Body:
    """The body of one request; raises ApiError where it is longer than `limit` bytes (413) or too slow (408)."""

    def __init__(self, request: web.BaseRequest, limit: int) -> None:
        self._request, self._limit = request, limit
        self._size, self._waited = 0, 0.0
        self.refusal: ApiError | None = None
        """What `chunks` has raised."""
        length = request.content_length
        if length is not None and length > limit:
            raise too_large(limit)

    async def whole(self) -> bytes:
        """Return all of it."""
        if not self._request.can_read_body:
            return b""
        return b"".join([chunk async for chunk in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield it as it arrives."""
        await _invite(self._request)
        while not self._request.content.at_eof():
            chunk = await self._read()
            self._size += len(chunk)
            if self._size > self._limit:
                self.refusal = too_large(self._limit)
                raise self.refusal
            yield chunk

    async def _read(self) -> bytes:
        loop = asyncio.get_running_loop()
        began, longest = loop.time(), LONGEST_WAIT + self._size / SLOWEST
        try:
            # Only what the client takes counts, and not what whoever reads the body does in between.
            async with asyncio.timeout(longest - self._waited):
                return await self._request.content.readany()
        except TimeoutError:
            self.refusal = too_slow(self._size, longest)
            raise self.refusal from None
        except web.RequestPayloadError as error:
            self.refusal = ApiError(400, "BAD_REQUEST", f"The request body is not well formed: {error}.")
            raise self.refusal from None
        finally:
            self._waited += loop.time() - began


async def _invite(request: web.BaseRequest) -> None:
    # Only what has been let in so far is invited to send its body; aiohttp's low-level server leaves this to us.
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
