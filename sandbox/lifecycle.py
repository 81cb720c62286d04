"""Starts and stops a sandbox: one router process, which starts and ends all the others."""

from __future__ import annotations

import contextlib
import errno
import http.client
import ipaddress
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from model_ops import disk, user_agent
from sandbox.home import Home, append_private
from sandbox.serving.child import tail
from sandbox.serving.instance import TakenError, clear_runtime, holder, wait_until

IDENTITY = "/api/2.0/preview/scim/v2/Me"
"""What a client asks first: it answers once the whole workspace is there."""
LONGEST_STOP = 40.0
"""Seconds that the router gets to end by itself: 10 for requests in hand, 15 for its processes, and some to spare."""

LEAST_ROOM = 32 * 2**20
"""Bytes that must be free for a start; an empty sandbox takes 2 MB, and its logs and a model some more."""


class SandboxError(Exception):
    """A sandbox cannot be started or stopped; the message says why and what to do."""


def start(home: Home, *, timeout: float = 120, bind: str = "127.0.0.1") -> None:
    """Start a sandbox, detached, and return once it answers; a running one is left alone. Raises SandboxError."""
    _check_address(bind)
    home = Home(home.root.absolute())
    with _on_disk(home):
        if running(home) is None:
            _check_room(home)
        home.create()
        _start(home, bind, time.monotonic() + timeout)


def _start(home: Home, bind: str, deadline: float) -> None:
    if (pid := running(home)) is not None:
        _check_bound(home, pid, bind)
        _await_answer(home, bind, deadline, ended=lambda: running(home) is None)
        return
    log = home.logs / "router.log"
    said = log.stat().st_size if log.exists() else 0
    with _router(home, bind, log) as alive:
        # End of file on the pipe, which nothing is written to, is the end of the router.
        _await_answer(home, bind, deadline, ended=lambda: bool(select.select([alive], [], [], 0)[0]), said=said)


def _check_bound(home: Home, pid: int, bind: str) -> None:
    """Raise SandboxError where the running router listens elsewhere: starting it again would not move it."""
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return
    bound = words[words.index("--bind") + 1] if "--bind" in words else bind
    if bound != bind:
        raise SandboxError(f"The sandbox in {home.root} runs already, on {bound} and not on {bind}. Stop it first.")


def stop(home: Home) -> bool:
    """Stop a sandbox and return whether one ran, once none of its processes is left. Raises SandboxError."""
    home = Home(home.root.absolute())
    with _on_disk(home):
        pid = running(home)
        if pid is not None:
            _end(home, pid)
        try:
            clear_runtime(home)
        except TakenError as error:
            raise SandboxError(str(error)) from None
    return pid is not None


def running(home: Home) -> int | None:
    """Return the process id of the router that serves the home, or None."""
    return holder(home)


def listening(home: Home) -> bool:
    """Whether the home's router has got as far as its sockets, the public one included."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(f"{home.runtime_file.read_text().strip()}/control.sock")
        return True
    return False


def address(home: Home, bind: str = "127.0.0.1") -> str:
    """Return the workspace's address for a router that listens on `bind`, an IP address."""
    if ipaddress.ip_address(bind).is_unspecified:
        return home.url
    return f"http://[{bind}]:{home.port}" if ":" in bind else f"http://{bind}:{home.port}"


@contextlib.contextmanager
def _on_disk(home: Home) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SandboxError(disk.refusal(error, home.root)) from None


def _check_room(home: Home) -> None:
    """Raise OSError where the disk is all but full: the databases would stop half made, the logs without a word."""
    there = os.statvfs(disk.nearest(home.root))
    free = there.f_bavail * there.f_frsize
    if there.f_blocks and free < LEAST_ROOM and not there.f_flag & os.ST_RDONLY:
        found = f"the disk is full: {free // 2**20} MiB are free, and {LEAST_ROOM // 2**20} are needed"
        raise OSError(errno.ENOSPC, found, str(home.root))


def _check_address(bind: str) -> None:
    try:
        ipaddress.ip_address(bind)
    except ValueError:
        raise SandboxError(f"{bind!r} is no IP address to listen on: give one, such as 127.0.0.1 or 0.0.0.0.") from None


@contextlib.contextmanager
def _router(home: Home, bind: str, log: Path) -> Iterator[int]:
    ours, theirs = os.pipe()
    command = (sys.executable, "-m", "sandbox.serving", "--home", str(home.root), "--bind", bind)
    try:
        try:
            _detach(command, log, theirs)
        finally:
            os.close(theirs)
        yield ours
    finally:
        os.close(ours)


def _detach(command: Sequence[str], log: Path, alive: int) -> None:
    with append_private(log) as file:
        # The shell goes at once, so that the router is no child of ours: however it ends, there is nothing to reap.
        subprocess.run(
            ("/bin/sh", "-c", '"$@" &', "sh", *command),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            pass_fds=(alive,),
            start_new_session=True,
        )


def _await_answer(home: Home, bind: str, deadline: float, *, ended: Callable[[], bool], said: int = 0) -> None:
    while time.monotonic() < deadline:
        if ended():
            words = tail(home.logs / "router.log", start=said).strip().splitlines()
            raise SandboxError(words[-1] if words else f"The router ended at once; see {home.logs / 'router.log'}.")
        # Before it listens, the port may be another process's, which must not see the token.
        if listening(home) and _answers(home, bind, deadline - time.monotonic()):
            return
        time.sleep(0.02)
    raise SandboxError(
        f"The sandbox in {home.root} did not answer in time. See {home.logs / 'router.log'} and "
        f"{home.logs / 'api.log'}; stop it with: python -m sandbox stop --home {home.root}"
    )


def _answers(home: Home, bind: str, timeout: float) -> bool:
    host = urlsplit(address(home, bind)).hostname or ""
    connection = http.client.HTTPConnection(host, home.port, timeout=max(timeout, 0.1))
    try:
        connection.request("GET", IDENTITY, headers={**user_agent.header(), "Authorization": f"Bearer {home.token}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(home: Home, pid: int) -> None:
    for number, patience in ((signal.SIGTERM, LONGEST_STOP), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(lambda: running(home) is None, patience):
            wait_until(lambda: not _exists(pid), 1.0)
            return
    raise SandboxError(f"Process {pid}, the router of {home.root}, does not end.")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
