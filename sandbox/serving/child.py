"""A child process that ends with this one, however this one ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, ClassVar, Protocol

from sandbox.home import append_private

MOST_LOG = 5_000_000
"""Bytes; a longer log is set aside once, as `<name>.1`, when a process starts."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run, where, with which environment and descriptors; it writes both its streams to `log`."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    descriptors: Sequence[int]


class Process(Protocol):
    """A direct child of this process, however it was born."""

    pid: int
    stdin: IO[bytes] | None

    def wait(self) -> int:
        """Reap it; returns its exit code, -n after signal n."""


class Child:
    """One process, the head of a session of its own; its stdin is a pipe that reaches end of file with us.

    It has written to `log` from the byte `start` on.
    """

    _unreaped: ClassVar[set[Child]] = set()

    def __init__(self, process: Process, log: Path, start: int) -> None:
        self._process, self._log, self._start = process, log, start
        self._ended: asyncio.Future[int] | None = None
        self._reaping = threading.Lock()
        self._reaped = False
        self._unreaped.add(self)

    @classmethod
    def spawn(cls, command: Command) -> Child:
        """Run a command; raises OSError if it cannot be started."""
        with open_log(command.log) as log:
            start = log.tell()
            return cls(popen(command, log.fileno()), command.log, start)

    @classmethod
    def pids(cls) -> set[int]:
        """The process ids of all that have not been reaped, which nobody else may reap."""
        return {child.pid for child in tuple(cls._unreaped)}

    @property
    def pid(self) -> int:
        """Its process id, and that of its session and group."""
        return self._process.pid

    async def wait(self) -> int:
        """Return its exit code, -n after signal n, once it has ended and its group has been killed."""
        if self._ended is None:
            loop = asyncio.get_running_loop()
            self._ended = loop.create_future()
            # A thread of its own, for the event loop's pool is small; a daemon, for nothing waits for it at exit.
            threading.Thread(target=self._reap, args=(loop, self._ended), daemon=True).start()
        return await asyncio.shield(self._ended)

    async def stop(self, grace: float) -> None:
        """Ask it to end, and kill its whole group after `grace` seconds."""
        self._signal(os.kill, signal.SIGTERM)
        try:
            async with asyncio.timeout(grace):
                await self.wait()
        except TimeoutError:
            self._signal(os.killpg, signal.SIGKILL)
            await self.wait()

    def last_words(self) -> str:
        """Return the last line that it wrote, at most 1000 characters."""
        lines = [line for line in tail(self._log, start=self._start).splitlines() if line.strip()]
        return lines[-1].strip()[:1000] if lines else ""

    def _signal(self, send: Callable[[int, int], None], number: signal.Signals) -> None:
        # Once it has been reaped, its number may be another's.
        with self._reaping, contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._reaped:
                send(self.pid, number)

    def _reap(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Future[int]) -> None:
        # Its number stays taken while it is a zombie, so that the group killed is its own.
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        self._signal(os.killpg, signal.SIGKILL)
        with self._reaping:
            code = self._process.wait()
            self._reaped = True
        self._unreaped.discard(self)
        if self._process.stdin:
            self._process.stdin.close()
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(_settle, ended, code)


def popen(command: Command, output: int) -> subprocess.Popen[bytes]:
    """Run a command that writes both its streams to the descriptor `output`; raises OSError if it cannot be started."""
    return subprocess.Popen(
        command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=command.descriptors,
        start_new_session=True,
    )


def open_log(path: Path) -> BinaryIO:
    """Return a log, open at its end; one that has become too long is set aside first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > MOST_LOG:
            path.replace(path.with_name(f"{path.name}.1"))
    return append_private(path)


def tail(path: Path, *, start: int = 0, limit: int = 64_000) -> str:
    """Return at most the last `limit` bytes of a log, from the byte `start` on; "" where there is none."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(start if start <= size else 0, size - limit))
            return log.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def ending(code: int) -> str:
    """Say how a process ended: `exit code 1`, `signal SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"


def _settle(ended: asyncio.Future[int], code: int) -> None:
    if not ended.done():
        ended.set_result(code)
