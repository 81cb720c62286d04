"""One process of the fork server, seen from the router: it is asked by a channel, and answers with a process id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sandbox.serving.birth import Birth, ask
from sandbox.serving.child import Child, Command, ending, open_log
from sandbox.serving.instance import Runtime

FIRST_ANSWER, NEXT_ANSWER = 60.0, 5.0
"""Seconds that it gets to answer; before its first answer it has to import."""
CALM = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""Keeps PyArrow's allocator from starting a thread, which a fork of this process would not have in any case."""


@dataclass
class Forked:
    """A process that was forked for this one, and that Linux has handed to it."""

    pid: int
    stdin: IO[bytes] | None

    def wait(self) -> int:
        """Reap it; returns its exit code, -n after signal n."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class ForkProcess:
    """Runs from the start on, and is then importing; raises OSError if it cannot be started."""

    def __init__(self, runtime: Runtime, log: Path, environment: Mapping[str, str]) -> None:
        self.proven = False
        """Whether it has forked anything yet."""
        # A message each, so that a request is there whole or not at all.
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.setblocking(False)
        with theirs:
            self.child = Child.spawn(
                Command(
                    argv=(sys.executable, "-P", "-m", "sandbox.serving.forking", str(theirs.fileno())),
                    env={**environment, **CALM},
                    cwd=runtime.root,
                    log=log,
                    descriptors=(theirs.fileno(), runtime.alive),
                )
            )

    async def fork(self, command: Command) -> Child:
        """Return the process that a model server's command would start; raises OSError if that is not answered."""
        with contextlib.ExitStack() as ours, open_log(command.log) as log:
            start = log.tell()
            reading, writing = os.pipe()
            ours.callback(os.close, reading)
            stdin = os.fdopen(writing, "wb", buffering=0)
            try:
                pid = await self._bear(Birth.of(command), reading, log.fileno())
                stdin.write(b"\n")  # go
            except BaseException:
                stdin.close()  # whatever was born goes with it
                raise
        self.proven = True
        return Child(Forked(pid, stdin), command.log, start)

    async def ended(self) -> str:
        """Wait until it has ended; returns how, and its last words."""
        code = await self.child.wait()
        self._channel.close()
        words = self.child.last_words()
        return ending(code) + (f": {words}" if words else "")

    async def _bear(self, birth: Birth, stdin: int, log: int) -> int:
        answer, theirs = socket.socketpair()
        with answer:
            answer.setblocking(False)
            with theirs:
                ask(self._channel, birth, answer=theirs.fileno(), stdin=stdin, log=log)
            async with asyncio.timeout(NEXT_ANSWER if self.proven else FIRST_ANSWER):
                told = await asyncio.get_running_loop().sock_recv(answer, 20)
        if not told:
            raise ConnectionResetError("it has ended")
        return int(told)
