"""Serves the provider to the engine that started it, and ends with it."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2_grpc

from engine.stand_in import announcement, parent_watch
from engine.stand_in.attached import Attached
from engine.stand_in.provider import StandIn
from engine.stand_in.servicer import Servicer

MESSAGE_BYTES = 400 * 1024 * 1024
OPTIONS = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]
CALLS = 32
"""How many calls may block at once; an endpoint's update blocks one as long as it takes."""


class Engine:
    """The engine's side of the conversation: where messages for the person at the keyboard go."""

    def __init__(self, address: str) -> None:
        self._address = address

    @cached_property
    def _stub(self) -> Any:
        # Made when something is to be said: who answers ahead of being attached to knows no address yet.
        return engine_pb2_grpc.EngineStub(grpc.aio.insecure_channel(self._address, OPTIONS))

    async def warn(self, text: str, urn: str) -> None:
        """Warn of something about a resource."""
        await self._log(engine_pb2.WARNING, text, urn)

    async def announce(self) -> None:
        """Say, once a run, that this is a stand-in."""
        if announcement.first_of_run(f"{os.getppid()} {self._address}"):
            await self._log(engine_pb2.INFO, announcement.TEXT, "")

    async def _log(self, severity: Any, text: str, urn: str) -> None:
        await self._stub.Log(engine_pb2.LogRequest(severity=severity, message=text, urn=urn))


async def serve(address: str | None) -> None:
    """Listen on a free port, print it, and answer until this process is ended.

    That is for the engine at `address`, which started it; without one for every engine that attaches to it.
    """
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CALLS))
    server = grpc.aio.server(options=OPTIONS)
    servicer: Any = Attached(_servicer) if address is None else _servicer(address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()


def _servicer(address: str) -> Servicer:
    version = importlib.metadata.version("pulumi-databricks")
    return Servicer([], version, StandIn(Engine(address)), engine_address=address)


def main(arguments: list[str]) -> None:
    """Serve the engine at the address in `arguments`, as it runs a plugin; without one, those that attach."""
    parser = argparse.ArgumentParser(prog="pulumi-resource-databricks", description=__doc__)
    parser.add_argument("engine", nargs="?", help="the engine's address, host:port; without it, any may attach")
    known, _flags_of_other_plugins = parser.parse_known_args(arguments)
    parent_watch.follow(os.getppid())
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, _leave)
    asyncio.run(serve(known.engine))


def _leave(_signal_number: int, _frame: object) -> None:
    """Exit at once: the engine has said that it is done, and waits for nothing else."""
    os._exit(0)
