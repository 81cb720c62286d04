"""Clients that never end what they began, hundreds of them, are let go of; those who go on are served meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from sandbox.serving import bodies, router
from sandbox.serving.answers import refused
from sandbox.serving.bodies import Body
from sandbox.serving.errors import ApiError

SHORT = 0.3
MANY = 200
BOUND = 20.0
"""Seconds within which what is awaited has come, on a busy machine too."""
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Client]]


async def answer(request: web.BaseRequest) -> web.StreamResponse:
    try:
        body = await Body(request, 10_000_000).whole()
    except ApiError as refusal:
        return refused(refusal)
    return web.Response(text=str(len(body)))


@asynccontextmanager
async def front() -> AsyncIterator[Connect]:
    runner = router.front_runner(answer)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    opened: list[Client] = []

    async def connect() -> Client:
        opened.append(await asyncio.open_connection(*runner.addresses[0]))
        return opened[-1]

    try:
        yield connect
    finally:
        for _, writer in opened:
            writer.close()
        await runner.cleanup()


async def said(connect: Connect, *parts: bytes) -> bytes:
    """What a client is answered that says these and nothing more, until its connection is closed."""
    reader, writer = await connect()
    for part in parts:
        writer.write(part)
        await writer.drain()
    async with asyncio.timeout(BOUND):
        return await reader.read()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router, "LONGEST_HEAD", SHORT)
    monkeypatch.setattr(router, "LONGEST_LINGER", SHORT)
    monkeypatch.setattr(bodies, "LONGEST_WAIT", SHORT)


@pytest.mark.parametrize("begun", [b"", b"POST", POST + b"X-Long: a"])
def test_hundreds_that_never_end_a_head_are_closed(begun: bytes) -> None:
    async def main() -> list[bytes]:
        async with front() as connect:
            return await asyncio.gather(*(said(connect, begun) for _ in range(MANY)))

    assert asyncio.run(main()) == [b""] * MANY


def test_one_that_sends_its_head_byte_by_byte_gains_no_time() -> None:
    async def main() -> None:
        async with front() as connect:
            reader, writer = await connect()
            closed = asyncio.create_task(reader.read())
            async with asyncio.timeout(BOUND):
                while not closed.done():
                    writer.write(b"a")
                    await asyncio.wait([closed], timeout=SHORT / 10)

    asyncio.run(main())


@pytest.mark.parametrize("head", [b"Content-Length: 5\r\n\r\nab", b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"])
def test_hundreds_that_never_end_a_body_are_told_so_and_closed(head: bytes) -> None:
    async def main() -> list[bytes]:
        async with front() as connect:
            return await asyncio.gather(*(said(connect, POST + head) for _ in range(MANY)))

    for answered in asyncio.run(main()):
        assert answered.startswith(b"HTTP/1.1 408 ")
        assert b"Only 2 bytes of the request body came" in answered


def test_a_large_body_gains_time_with_what_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LONGEST_WAIT", 0.0)

    async def main() -> bytes:
        async with front() as connect:
            reader, writer = await connect()
            writer.write(POST + b"Content-Length: 1000001\r\n\r\n" + bytes(1_000_000))
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(b"!")
            async with asyncio.timeout(BOUND):
                return await reader.readuntil(b"\r\n\r\n")

    assert asyncio.run(main()).startswith(b"HTTP/1.1 200 ")


def test_others_are_served_while_hundreds_keep_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router, "LONGEST_HEAD", BOUND * 10)

    async def main() -> bytes:
        async with front() as connect:
            silent = [await connect() for _ in range(MANY)]
            whole = await said(connect, POST + b"Connection: close\r\nContent-Length: 2\r\n\r\nab")
            assert not any(reader.at_eof() for reader, _ in silent)
            return whole

    assert asyncio.run(main()).endswith(b"\r\n\r\n2")
