"""Stands in for the API process at its real seam: the listening socket, stdin, and the arguments it is run with."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import signal
import socket
import threading

from aiohttp import web


async def echo(request: web.Request) -> web.StreamResponse:
    digest, size = hashlib.sha256(), 0
    async for chunk in request.content.iter_any():
        digest.update(chunk)
        size += len(chunk)
    headers = [[name, value] for name, value in request.headers.items()]
    target = request.raw_path
    seen = {"method": request.method, "target": target, "headers": headers, "size": size, "sha256": digest.hexdigest()}
    return web.json_response({**seen, "pid": os.getpid()})


async def download(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(0 if request.method == "HEAD" else int(request.match_info["megabytes"])):
        await response.write(bytes(1024 * 1024))
    return response


async def empty(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


async def die(_: web.Request) -> web.StreamResponse:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


async def die_halfway(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    await asyncio.sleep(0.2)
    return await die(request)


def end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    for option in ("--home", "--control"):
        parser.add_argument(option, required=True)
    parser.add_argument("--fd", type=int, required=True)
    options = parser.parse_args()
    threading.Thread(target=end_with_parent, daemon=True).start()
    application = web.Application(client_max_size=0)
    application.add_routes(
        [web.get("/download/{megabytes}", download), web.post("/die", die), web.get("/empty", empty)]
    )
    application.add_routes([web.get("/die-halfway", die_halfway), web.route("*", "/{tail:.*}", echo)])
    web.run_app(application, sock=socket.socket(fileno=options.fd), print=None, access_log=None)


main()
