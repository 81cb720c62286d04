"""The program's side of a run of the engine, which is in this process: it ends whole, even where the engine ends first.

An engine that fails at a resource does not wait for the program. The SDK's own server then cannot tell it so, and gives
up in the middle: it says that it cannot, as an error beside the one that matters, and leaves its event loop and the
server of its hooks as they are. gRPC may end the whole process when these are collected during another run.

Nor does a run find its engine by what an earlier one left: gRPC shares connections by their addresses in the whole
process. An engine at a port that an earlier one had would be told to be gone, until gRPC tries that port again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from pulumi.automation import _stack
from pulumi.automation._server import LanguageServer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.settings import _shutdown_callbacks, get_engine

PATIENCE = 20.0
"""Seconds that a program has to end, once its engine has ended."""

REACH = 10.0
"""Seconds in which an engine must be reached; it listens before it says where."""
LOST = "Resource monitor has terminated, shutting down"
"""What is said where the program never reached the engine that runs it, in the SDK's words."""
Program = Callable[[], Any]


class InlineProgram(LanguageServer):
    """Serves one program to one run of the engine."""

    def __init__(self, program: Program) -> None:
        super().__init__(self._begin)
        self._given, self._is_lost = program, False
        self._loop: asyncio.AbstractEventLoop | None = None

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Run the program; where the engine is gone before it ends, there is nothing to be told."""
        if not _is_there(request.args[0]):
            return language_pb2.RunResponse(error=LOST)
        answer = None
        with _running:
            try:
                answer = super().Run(request, context)  # type: ignore[no-untyped-call]  # Pulumi's has no types
            except (grpc.RpcError, RuntimeError):
                if not self._is_lost:
                    raise
            finally:
                self._end()
        return language_pb2.RunResponse(bail=True) if self._is_lost else answer

    def _begin(self) -> Any:
        self._loop = asyncio.get_running_loop()
        if engine := get_engine():
            engine.Log = self._telling(engine.Log)
        return self._given()

    def _end(self) -> None:
        """Give up what the program was about, where the SDK has not."""
        if self._loop is None or self._loop.is_closed():
            return
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(_shutdown_callbacks())  # type: ignore[no-untyped-call]  # nor has this
        self._loop.close()

    def _telling(self, log: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """What tells the engine something, and does nothing where that is gone."""

        def tell(request: Any) -> Any:
            if self._is_lost:
                return None
            try:
                return log(request)
            except grpc.RpcError:
                self._is_lost = True
                return None

        return tell

    def _exception_handler(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Stop the program at the first question that nobody answers; what is asked while it ends does not matter."""
        if not isinstance(context.get("exception"), grpc.RpcError):
            loop.default_exception_handler(context)
        elif not self._is_lost:
            self._is_lost = True
            loop.stop()


def _is_there(address: str) -> bool:
    """Whether an engine answers at an address."""
    with grpc.insecure_channel(address, options=_GRPC_CHANNEL_OPTIONS) as channel:
        try:
            grpc.channel_ready_future(channel).result(REACH)
        except grpc.FutureTimeoutError:
            return False
        return True


class _Running:
    """How many programs run; as a context, one of them."""

    def __init__(self) -> None:
        self._changed, self._number = threading.Condition(), 0

    def __enter__(self) -> None:
        self._change(1)

    def __exit__(self, *_: object) -> None:
        self._change(-1)

    def _change(self, by: int) -> None:
        with self._changed:
            self._number += by
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until none runs; say whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._number, seconds)


_running = _Running()
_GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))
_stack.LanguageServer = InlineProgram  # type: ignore[attr-defined]  # the Automation API takes no other one


def wait() -> bool:
    """Wait until the programs of all runs have ended, `PATIENCE` seconds at most; say whether they have."""
    return _running.wait(PATIENCE)
