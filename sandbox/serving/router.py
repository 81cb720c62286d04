"""The router: one address in front of the model servers and the API."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.home import Home, write_private
from sandbox.serving import invocations, login, owner
from sandbox.serving.answers import refused
from sandbox.serving.api_passage import Passage
from sandbox.serving.control_api import Control
from sandbox.serving.controller import Controller
from sandbox.serving.errors import ApiError
from sandbox.serving.front_door import OPEN_PATHS, SIGNED, FrontDoor
from sandbox.serving.gateways import Gateways
from sandbox.serving.instance import Runtime
from sandbox.serving.invocations import Invocations
from sandbox.serving.launcher import Launcher
from sandbox.serving.login import Login
from sandbox.serving.payload_log import PayloadLog
from sandbox.serving.sockets import listen
from sandbox.serving.store import Store
from sandbox.serving.supervisor import Supervisor

PATIENCE = 10.0
"""Seconds that requests in hand get when the router is asked to stop."""
LONGEST_HEAD = 60.0
"""Seconds within which the whole head of a request has come, since the connection was made or last answered."""
LONGEST_LINGER = 10.0
"""Seconds for which the rest of a body that was refused is still read, so that its sender gets to read why."""
LONGEST_UNREAD = 60.0
"""Seconds that a client may leave an answer lying that is on its way to it."""

_logger = logging.getLogger(__name__)


class PortTakenError(Exception):
    """The port that this sandbox has kept is another process's now."""


@dataclass(frozen=True, kw_only=True)
class Router:
    """Sends each request where it belongs."""

    door: FrontDoor
    login: Login
    invocations: Invocations
    passage: Passage

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the answer, whatever happens on the way."""
        try:
            return await self._send(request)
        except ApiError as refusal:
            if refusal.status in {401, 403} and login.wanted(request):
                return login.page(refusal.status)
            return refused(refusal)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:
            _logger.exception("%s %s", request.method, request.path)
            return refused(ApiError(500, "INTERNAL_ERROR", "The sandbox's router failed; its log says why."))

    async def _send(self, request: web.BaseRequest) -> web.StreamResponse:
        self.door.check_host(request)
        target = request.raw_path
        if target == login.PATH:
            return await self.login.answer(request)
        if target in OPEN_PATHS or SIGNED.fullmatch(target):
            return await self.passage.answer(request)
        self.door.check_credential(request)
        if request.method == "POST" and (match := invocations.PATH.fullmatch(target)):
            return await self.invocations.answer(request, match[1], match[2])
        return await self.passage.answer(request)


def bind(home: Home, address: str) -> socket.socket:
    """Return the public listening socket, on the port that the home has kept; raises PortTakenError."""
    port = _kept_port(home)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":  # whose connections inherit it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(LONGEST_UNREAD * 1000))
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(
            f"Cannot listen on {address}:{port}: {error.strerror}. "
            f"End the process that has the port, or remove {home.port_file} so that another one is chosen."
        ) from None
    write_private(home.port_file, f"{listener.getsockname()[1]}\n")
    return listener


def _kept_port(home: Home) -> int:
    """The port of the earlier starts, 0 for none; raises PortTakenError where the file holds no port."""
    try:
        port = home.port
    except FileNotFoundError:
        return 0
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise PortTakenError(f"{home.port_file} holds no port. Remove it, so that another one is chosen.")
    return port


async def serve(home: Home, runtime: Runtime, supervisor: Supervisor, public: socket.socket, address: str) -> None:
    """Serve until SIGTERM or SIGINT, or until the API process cannot be started; then stop everything."""
    controller = Controller(Store(home.deployments), Launcher(runtime, home.logs))
    gateways, payloads = Gateways(home.gateways), PayloadLog()
    passage = Passage(runtime.api_socket, supervisor)
    door = FrontDoor(home.token, bind=address, port=public.getsockname()[1])
    data_path = Invocations(controller, gateways, payloads)
    router = Router(door=door, login=Login(door), invocations=data_path, passage=passage)
    control = web.AppRunner(Control(controller, gateways).application(), access_log=None, shutdown_timeout=PATIENCE)
    front = front_runner(router.answer)
    try:
        await control.setup()
        await web.SockSite(control, listen(runtime.control_socket)).start()
        gateways.load()
        supervisor.start()
        controller.resume()
        await front.setup()
        await web.SockSite(front, public, backlog=2048).start()
        await _until_stopped(supervisor)
    finally:
        await front.cleanup()
        await payloads.close()
        await asyncio.gather(controller.close(), supervisor.stop())
        await control.cleanup()
        await passage.close()


def front_runner(answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.ServerRunner:
    """Return what serves HTTP to the public with `answer`."""
    server = web.Server(
        answer,
        access_log=None,
        auto_decompress=False,
        max_field_size=65536,
        keepalive_timeout=LONGEST_HEAD,
        lingering_time=LONGEST_LINGER,
    )
    return web.ServerRunner(server, shutdown_timeout=PATIENCE)


async def _until_stopped(supervisor: Supervisor) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    waiting = [asyncio.create_task(stopped.wait()), asyncio.create_task(supervisor.given_up.wait())]
    with owner.watched(os.environ, stopped.set):
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
