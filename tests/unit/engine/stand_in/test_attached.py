"""Runs of the engine attach to one process, in which each connection has a provider of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc

from engine.released_plugin import NAME
from engine.stand_in import executable
from engine.stand_in.attached import Attached
from engine.stand_in.process import WHERE, Process


class Asked:
    """What is known of a call: the connection that it came by."""

    def __init__(self, peer: str) -> None:
        self.peer = lambda: peer


class Provider:
    """A provider that remembers for which engine it was made, and whether it was told to give up."""

    def __init__(self, address: str) -> None:
        self.address, self.given_up = address, False

    async def Read(self, _request: Any, _context: Any) -> str:
        return self.address

    async def Create(self, _request: Any, _context: Any) -> None:
        await asyncio.Event().wait()

    async def give_up(self) -> None:
        self.given_up = True


def attach(to: Attached, peer: str, address: str) -> Any:
    return asyncio.run(to.Attach(plugin_pb2.PluginAttach(address=address), Asked(peer)))


def test_each_connection_has_a_provider_of_its_own_until_the_next_run_attaches() -> None:
    made: list[Provider] = []
    attached = Attached(lambda address: made.append(Provider(address)) or made[-1])  # type: ignore[func-returns-value]
    assert [attach(attached, peer, "engine-1") for peer in ("a", "b")] == [Empty(), Empty()]
    assert asyncio.run(attached.Read(None, Asked("a"))) == "engine-1"
    attach(attached, "c", "engine-2")
    assert asyncio.run(attached.Read(None, Asked("c"))) == "engine-2"
    assert asyncio.run(attached.Read(None, Asked("a"))) == ""
    assert [each.address for each in made] == ["engine-1", "engine-1", "engine-2", ""]


def test_what_nobody_waits_for_any_more_is_given_up() -> None:
    provider = Provider("engine")
    attached = Attached(lambda _: provider)  # type: ignore[arg-type,return-value]

    async def abandoned() -> None:
        call = asyncio.ensure_future(attached.Create(None, Asked("a")))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(abandoned())
    assert provider.given_up


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    executable.install(tmp_path)
    return {"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path / "log")


def version(port: str) -> str:
    with grpc.insecure_channel(f"127.0.0.1:{port.partition(':')[2]}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"), timeout=30)
        return str(stub.GetPluginInfo(Empty(), timeout=30).version)


def test_it_is_started_once_and_again_where_it_was_killed(process: Process, environment: dict[str, str]) -> None:
    first = process.variables(environment)
    assert process.variables(environment) == first
    assert version(first[WHERE])
    assert process._started
    os.kill(process._started.pid, signal.SIGKILL)
    process._started.wait()
    second = process.variables(environment)
    assert second != first
    assert version(second[WHERE])


def test_it_is_gone_once_it_is_ended_and_there_again_when_it_is_wanted(
    process: Process, environment: dict[str, str]
) -> None:
    process.end()
    process.variables(environment)
    assert (ended := process._started)

    process.end()

    assert ended.returncode is not None
    assert version(process.variables(environment)[WHERE])


def test_another_one_on_the_path_is_started_in_its_place(
    process: Process, environment: dict[str, str], tmp_path: Path
) -> None:
    process.variables(environment)
    other = tmp_path / "other"
    other.mkdir()
    (other / NAME).write_text("#!/bin/sh\necho 4711\n")
    (other / NAME).chmod(0o700)
    path = os.pathsep.join([str(other), environment["PATH"]])
    assert process.variables({"PATH": path}) == {WHERE: "databricks:4711"}


def test_where_none_can_be_started_the_engine_is_left_to_do_so_itself(process: Process, tmp_path: Path) -> None:
    assert process.variables({"PATH": str(tmp_path)}) == {}
    (tmp_path / NAME).write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / NAME).chmod(0o700)
    assert process.variables({"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}) == {}
