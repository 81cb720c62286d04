"""One router a home: the lock that says so, and the private directory of the running one's sockets.

Two locks (flock) tell what runs, because the kernel lets go of them however a process dies: the router holds the
home's lock file; every child inherits one on `alive` in the runtime directory.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.home import Home, write_private

LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's bound is 108 on Linux and 104 on macOS, the terminating zero included."""


class TakenError(Exception):
    """Another router, or what is left of one, has this home."""


@dataclass(frozen=True)
class Runtime:
    """The running router's directory of Unix sockets, mode 700."""

    root: Path
    alive: int
    """A descriptor, locked, that every child inherits and none has to know."""

    @property
    def control_socket(self) -> Path:
        """Where the control API listens."""
        return self.root / "control.sock"

    @property
    def api_socket(self) -> Path:
        """Where the API process listens."""
        return self.root / "api.sock"


def claim(home: Home, *, patience: float = 2.0) -> int:
    """Lock the home for this process, for as long as it lives; raises TakenError after `patience` seconds.

    The descriptor that it returns is not to be closed: the lock must outlast all else, so that who finds it free knows
    that the router is gone.
    """
    descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    # `holder` locks for an instant to see whether it can, hence the patience.
    if not wait_until(lambda: _lock(descriptor, fcntl.LOCK_EX), patience):
        os.close(descriptor)
        raise TakenError(f"{home.root} is in use by another router (process {_pid(home)}).")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def holder(home: Home) -> int | None:
    """Return the process id of the router that has the home, or None."""
    try:
        descriptor = os.open(home.lock_file, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return None if _lock(descriptor, fcntl.LOCK_SH) else _pid(home)
    finally:
        os.close(descriptor)


def make_runtime(home: Home) -> Runtime:
    """Make the directory of sockets; the caller has cleared a stale one."""
    root = Path(tempfile.mkdtemp(prefix="rollpin-"))
    if len(os.fsencode(root)) > LONGEST_SOCKET_PATH - len("/control.sock"):
        root.rmdir()  # TMPDIR is too long for the path of a socket
        root = Path(tempfile.mkdtemp(prefix="rollpin-", dir="/tmp"))
    descriptor = os.open(root / "alive", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    write_private(home.runtime_file, f"{root}\n")
    return Runtime(root, descriptor)


def clear_runtime(home: Home, *, patience: float = 15.0) -> None:
    """Wait until every child of the last router is gone and remove its directory; raises TakenError if one stays."""
    root = _stale_runtime(home)
    if root is not None:
        with contextlib.suppress(FileNotFoundError):
            _await_silence(root / "alive", patience)
        shutil.rmtree(root, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        home.runtime_file.unlink()


def wait_until(condition: Callable[[], bool], patience: float) -> bool:
    """Ask until it holds or `patience` seconds have passed; returns what it said last."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def _await_silence(path: Path, patience: float) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if not wait_until(lambda: _lock(descriptor, fcntl.LOCK_EX), patience):
            raise TakenError(f"Processes of a router that has died still run; see which with: fuser -v {path}")
    finally:
        os.close(descriptor)


def _stale_runtime(home: Home) -> Path | None:
    # The file's text decides what is removed: only a directory of ours, made by make_runtime, will do.
    try:
        root = Path(home.runtime_file.read_text().strip())
        status = root.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and root.name.startswith("rollpin-")
    return root if ours else None


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid(home: Home) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError):
        return int(home.lock_file.read_text())
    return None
