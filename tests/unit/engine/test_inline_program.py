"""A program whose engine ends first ends whole, and has nothing to say."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pulumi
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.automation import _stack
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    language_pb2,
    language_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from engine import inline_program

ADDS = (engine_pb2_grpc.add_EngineServicer_to_server, resource_pb2_grpc.add_ResourceMonitorServicer_to_server)


class Engine(engine_pb2_grpc.EngineServicer, resource_pb2_grpc.ResourceMonitorServicer):
    """Takes the stack, and answers nothing about the resource that comes next."""

    def __init__(self) -> None:
        self.asked, self.said = threading.Event(), []
        self.over = threading.Event()

    def SupportsFeature(self, _request: Any, _context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def RegisterResourceHook(self, _request: Any, _context: Any) -> Any:
        return Empty()

    def RegisterResource(self, request: Any, context: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            self.asked.set()
            self.over.wait(30)
            context.abort(grpc.StatusCode.UNAVAILABLE, "the engine is gone")
        return resource_pb2.RegisterResourceResponse(urn="urn:pulumi:test::p::pulumi:pulumi:Stack::p-test")

    def RegisterResourceOutputs(self, _request: Any, _context: Any) -> Any:
        return Empty()

    def SignalAndWaitForShutdown(self, _request: Any, _context: Any) -> Any:
        return Empty()

    def GetDeploymentInfo(self, _request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "an older engine, which is asked for each feature")

    def Log(self, request: Any, _context: Any) -> Any:
        self.said.append(request.message)
        return Empty()

    def SetRootResource(self, _request: Any, _context: Any) -> Any:
        return engine_pb2.SetRootResourceResponse()


class Thing(pulumi.CustomResource):
    """A resource with a hook, for which the SDK serves callbacks."""

    def __init__(self) -> None:
        hook = pulumi.ResourceHook("look", lambda _: None)
        hooks = pulumi.ResourceHookBinding(before_create=[hook])
        super().__init__("test:index:Thing", "thing", {}, pulumi.ResourceOptions(hooks=hooks))


@contextmanager
def serving(servicer: Any, *adds: Any, at: str = "127.0.0.1:0") -> Iterator[tuple[grpc.Server, str]]:
    server = grpc.server(ThreadPoolExecutor(8))
    for add in adds:
        add(servicer, server)
    port = server.add_insecure_port(at)
    server.start()
    try:
        yield server, f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait(10)


@pytest.fixture
def engine() -> Iterator[tuple[Engine, grpc.Server, str]]:
    answering = Engine()
    with serving(answering, *ADDS) as (server, address):
        yield answering, server, address


def run(program: inline_program.Program, address: str) -> Any:
    """Have the program served as the Automation API does, and the engine at an address run it; a future."""
    request = language_pb2.RunRequest(
        project="p", stack="test", monitor_address=address, args=[address], parallel=2, dryRun=False
    )
    with serving(_stack.LanguageServer(program), language_pb2_grpc.add_LanguageRuntimeServicer_to_server) as (_, at):
        yield language_pb2_grpc.LanguageRuntimeStub(grpc.insecure_channel(at)).Run.future(request)


def test_a_program_whose_engine_is_gone_ends_whole_and_says_nothing(engine: tuple[Engine, grpc.Server, str]) -> None:
    answering, server, address = engine
    loops: list[asyncio.AbstractEventLoop] = []

    def program() -> None:
        loops.append(asyncio.get_running_loop())
        Thing()

    with contextmanager(run)(program, address) as answer:
        assert answering.asked.wait(30)
        server.stop(0)
        answering.over.set()
        said = answer.result(30)
    assert (said.bail, said.error) == (True, "")
    assert inline_program.wait()
    assert loops[0].is_closed()
    assert _CallbackServicer._servicers == []
    gc.collect()


def test_a_program_that_is_refused_by_an_engine_that_is_there_says_so(engine: tuple[Engine, grpc.Server, str]) -> None:
    answering, _, address = engine

    def program() -> None:
        raise pulumi.RunError("the file has a mistake")

    with contextmanager(run)(program, address) as answer:
        said = answer.result(30)
    assert (said.bail, said.error) == (False, "the file has a mistake")
    assert "the file has a mistake" in answering.said


def test_a_program_with_a_fault_of_its_own_says_so(engine: tuple[Engine, grpc.Server, str]) -> None:
    _, _, address = engine

    def program() -> None:
        raise RuntimeError("a fault")

    with contextmanager(run)(program, address) as answer:
        said = answer.result(30)
    assert not said.bail
    assert "RuntimeError: a fault" in said.error


def test_a_program_that_never_reached_its_engine_is_told_as_lost_and_may_be_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inline_program, "REACH", 0.1)
    with serving(Engine(), engine_pb2_grpc.add_EngineServicer_to_server) as (_, address):
        pass  # nobody is there any more

    def program() -> None:
        raise AssertionError("it must not begin")

    with contextmanager(run)(program, address) as answer:
        said = answer.result(30)
    assert (said.bail, said.error) == (False, inline_program.LOST)


def test_an_engine_at_the_port_of_one_that_is_gone_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline_program, "REACH", 0.5)
    program: inline_program.Program = lambda: None  # noqa: E731
    with serving(Engine(), *ADDS) as (_, address):
        pass
    with contextmanager(run)(program, address) as answer:
        assert answer.result(30).error == inline_program.LOST  # its connection is tried again in a second or later
    with serving(Engine(), *ADDS, at=address) as (_, again), contextmanager(run)(program, again) as answer:
        assert answer.result(30) == language_pb2.RunResponse()
