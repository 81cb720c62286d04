"""Everything but predictions: passed on to the API process, streamed both ways."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from sandbox.serving.bodies import Body
from sandbox.serving.errors import ApiError, unavailable
from sandbox.serving.supervisor import Supervisor

MOST_BODY = 16 * 1024 * 1024
"""Bytes of a request's body."""
MOST_UPLOAD = 2 * 1024**3
"""Bytes of an artifact."""
UPLOADS = (
    "/api/2.0/mlflow-artifacts/",
    "/ajax-api/2.0/mlflow-artifacts/",
    "/ajax-api/2.0/mlflow/upload-artifact",
    "/api/2.0/mlflow/upload-artifact",
    "/api/2.0/fs/files/",
    "/api/2.0/fs/presigned/part",
)
LONGEST_WAIT = 60.0
"""Seconds that a request waits for an API process that is being started."""
HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
"""Headers of one connection, not of the message (RFC 9110, section 7.6.1)."""
OURS = frozenset(
    {"authorization", "cookie", "expect", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip"}
)
"""Headers that are answered or vouched for by nobody but the router."""

_logger = logging.getLogger(__name__)


class Passage:
    """Passes requests on to the socket at `path`, waiting while `supervisor` starts its process."""

    def __init__(self, path: Path, supervisor: Supervisor, *, longest_wait: float = LONGEST_WAIT) -> None:
        # A connection each: the API closes idle ones after seconds, and must not do so under a request.
        connector = aiohttp.UnixConnector(str(path), limit=0, force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None, sock_read=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        self._supervisor = supervisor
        self._longest_wait = longest_wait

    async def close(self) -> None:
        """Close its connections."""
        await self._session.close()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the API's answer; raises ApiError where it gives none."""
        if not request.raw_path.startswith("/"):
            raise ApiError(400, "BAD_REQUEST", "The request's target is not a path.")
        body = Body(request, MOST_UPLOAD if request.raw_path.startswith(UPLOADS) else MOST_BODY)
        await self._await_api()
        try:
            async with self._ask(request, body) as reply:
                return await _relay(request, reply)
        except (aiohttp.ClientError, ConnectionError) as error:
            if body.refusal is not None:
                raise body.refusal from None
            # Its text may hold what was sent.
            _logger.warning("%s %s: the API gave no answer (%s)", request.method, request.path, type(error).__name__)
            text = "The workspace's API ended while it had the request in hand. It is started again."
            raise ApiError(502, "INTERNAL_ERROR", text) from None

    def _ask(self, request: web.BaseRequest, body: Body) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._session.request(
            request.method,
            URL(f"http://localhost{request.raw_path}", encoded=True),
            headers=_end_to_end(request.headers.items(), _named(request.headers.getall("Connection", [])) | OURS),
            data=body.chunks() if request.can_read_body else None,
            allow_redirects=False,
        )

    async def _await_api(self) -> None:
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._supervisor.ready.wait()
        except TimeoutError:
            raise unavailable("The workspace's API is being started again.", retry_after=5) from None


async def _relay(request: web.BaseRequest, reply: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = _end_to_end(reply.headers.items(), _named(reply.headers.getall("Connection", [])))
    response = web.StreamResponse(status=reply.status, reason=reply.reason, headers=headers)
    await response.prepare(request)
    try:
        async for chunk in reply.content.iter_any():
            if not await _delivered(response, chunk):
                return response
    except aiohttp.ClientError:
        # Its status has gone out already: only a broken connection can say that the body is not whole.
        _logger.warning("%s %s: the API ended in the middle of its answer", request.method, request.path)
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


async def _delivered(response: web.StreamResponse, chunk: bytes) -> bool:
    """Write a chunk; False where the client has hung up, which is no fault of the API's."""
    try:
        await response.write(chunk)
    except ConnectionError:
        return False
    return True


def _end_to_end(headers: Iterable[tuple[str, str]], without: frozenset[str]) -> CIMultiDict[str]:
    dropped = HOP_BY_HOP | without
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in dropped)


def _named(connection: list[str]) -> frozenset[str]:
    return frozenset(token.strip().lower() for value in connection for token in value.split(","))
