from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sandbox.serving.upstream import MOST_IDLE, Upstream

REPLY = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
Speak = Callable[[asyncio.Transport], None]


class Server:
    """A server on a Unix socket that counts connections and requests and answers as `speak` does."""

    def __init__(self, speak: Speak) -> None:
        self.speak = speak
        self.connections = self.requests = 0
        self.open = 0
        self.deserted = asyncio.Event()
        """Set while it has no connection."""


class Session(asyncio.Protocol):
    def __init__(self, server: Server) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._server.connections += 1
        self._server.open += 1
        self._server.deserted.clear()

    def data_received(self, _: bytes) -> None:
        self._server.requests += 1
        self._server.speak(self._transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._server.open -= 1
        if not self._server.open:
            self._server.deserted.set()


def polite(transport: asyncio.Transport) -> None:
    transport.write(REPLY)


def once(transport: asyncio.Transport) -> None:
    transport.write(REPLY)
    transport.close()


def rude(transport: asyncio.Transport) -> None:
    transport.write(REPLY[:20])
    transport.close()


def chatty(transport: asyncio.Transport) -> None:
    transport.write(REPLY)
    asyncio.get_running_loop().call_later(0.001, transport.write, REPLY)


def silent(_: asyncio.Transport) -> None:
    pass


def run(tmp_path: Path, speak: Speak, ask: Callable[[Server, Upstream], Awaitable[None]]) -> None:
    async def main() -> None:
        server, upstream = Server(speak), Upstream(tmp_path / "s")
        listening = await asyncio.get_running_loop().create_unix_server(lambda: Session(server), tmp_path / "s")
        async with asyncio.timeout(20):
            await ask(server, upstream)
        upstream.close()
        listening.close()
        await server.deserted.wait()

    asyncio.run(main())


def test_requests_one_after_another_share_a_connection(tmp_path):
    async def ask(server, upstream):
        for _ in range(3):
            assert (await upstream.ask(b"x")).body == b"ok"
        assert (server.connections, server.requests) == (1, 3)

    run(tmp_path, polite, ask)


def test_requests_at_the_same_time_have_a_connection_each(tmp_path):
    async def ask(server, upstream):
        await asyncio.gather(*(upstream.ask(b"x") for _ in range(3)))
        assert server.connections == 3

    run(tmp_path, polite, ask)


def test_a_connection_that_the_server_has_closed_costs_no_request(tmp_path):
    async def ask(server, upstream):
        assert (await upstream.ask(b"x")).status == 200
        # Without a turn of the event loop in between, so that the router cannot know of it yet.
        assert (await upstream.ask(b"x")).status == 200
        assert (server.connections, server.requests) == (2, 2)

    run(tmp_path, once, ask)


def test_a_connection_idle_for_too_long_is_not_used_again(tmp_path):
    async def ask(server, upstream):
        await upstream.ask(b"x")
        [connection] = upstream._idle
        connection.used -= MOST_IDLE
        await upstream.ask(b"x")
        assert server.connections == 2

    run(tmp_path, polite, ask)


def test_a_request_that_was_sent_is_not_sent_again(tmp_path):
    async def ask(server, upstream):
        with pytest.raises(ConnectionError):
            await upstream.ask(b"x")
        assert server.requests == 1

    run(tmp_path, rude, ask)


def test_a_request_given_up_takes_its_connection_with_it(tmp_path):
    async def ask(server, upstream):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(upstream.ask(b"x"), 0.05)
        server.speak = polite
        await upstream.ask(b"x")
        assert server.connections == 2

    run(tmp_path, silent, ask)


def test_bytes_that_nobody_asked_for_end_the_connection(tmp_path):
    async def ask(server, upstream):
        for asked in range(1, 4):
            assert (await upstream.ask(b"x")).body == b"ok"
            await server.deserted.wait()
            assert server.connections == asked

    run(tmp_path, chatty, ask)


def test_a_server_that_is_not_there_is_an_error_at_once(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        asyncio.run(Upstream(tmp_path / "none").ask(b"x"))
