"""Serves doubles of providers to the engine, from this very process, so that a test can look into them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from pulumi.provider.experimental.provider import Provider
from pulumi.runtime.proto import provider_pb2_grpc

from engine.stand_in.attached import Attached
from engine.stand_in.process import WHERE
from engine.stand_in.server import OPTIONS
from engine.stand_in.servicer import Servicer

Made = Callable[[str], Provider]
"""Makes a provider for the engine at an address."""


@contextmanager
def served(plugins: Mapping[str, Made]) -> Iterator[Mapping[str, str]]:
    """Serve a provider by each name, as long as this lasts; gives what the engine must find set to attach to them."""
    loop, ports = asyncio.new_event_loop(), {}
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = []
    try:
        for name, made in plugins.items():
            server, ports[name] = asyncio.run_coroutine_threadsafe(_serve(name, made), loop).result(30)
            servers.append(server)
        yield {WHERE: ",".join(f"{name}:{port}" for name, port in ports.items())}
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.stop(None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _serve(name: str, made: Made) -> tuple[Any, int]:
    known = version(f"pulumi-{name}")
    server = grpc.aio.server(options=OPTIONS)
    servicer: Any = Attached(lambda address: Servicer([], known, made(address), engine_address=address))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
