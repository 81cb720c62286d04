"""Request bodies, read no further than they may be long."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from sandbox.serving.errors import ApiError, too_large


class Body:
    """The body of one request; raises ApiError (413) where it is longer than `limit` bytes."""

    def __init__(self, request: web.BaseRequest, limit: int) -> None:
        self._request, self._limit = request, limit
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
        size = 0
        while not self._request.content.at_eof():
            chunk = await self._read()
            size += len(chunk)
            if size > self._limit:
                self.refusal = too_large(self._limit)
                raise self.refusal
            yield chunk

    async def _read(self) -> bytes:
        try:
            return await self._request.content.readany()
        except web.RequestPayloadError as error:
            self.refusal = ApiError(400, "BAD_REQUEST", f"The request body is not well formed: {error}.")
            raise self.refusal from None


async def _invite(request: web.BaseRequest) -> None:
    # Only what has been let in so far is invited to send its body; aiohttp's low-level server leaves this to us.
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
