"""How the suite runs in two processes: what shares a sandbox stays in one of them, and what must be alone is alone."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SHARING = (
    "tests/e2e/rehearsal/",
    "tests/e2e/engine/local_stack/",
    "tests/e2e/model_ops/scoring/",
    "tests/e2e/model_ops/",
    "tests/e2e/engine/stand_in/",
    "tests/e2e/sandbox/workspace/",
    "tests/e2e/examples/",
)
"""Directories whose tests share what takes long to make, the longest first; elsewhere each file is for itself."""
DOOR, INSIDE = 0, 1
"""The bytes of the lock file that are locked."""
ROOM = "ROLLPIN_TEST_ROOM"
"""Names the lock file that all processes of one run of the suite know."""


def pytest_configure(config: pytest.Config) -> None:
    """Agree on the lock with the processes that this one starts."""
    if hasattr(config, "workerinput"):
        # PySpark takes a process whose main module is no file for a run of its doctests, and exits.
        sys.modules["__main__"].__file__ = str(Path(pytest.__file__).with_name("__main__.py"))
    else:
        os.environ[ROOM] = str(config.rootpath / "build" / f".tests-{os.getpid()}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the lock."""
    if not hasattr(config, "workerinput"):
        Path(os.environ[ROOM]).unlink(missing_ok=True)


class Rooms(LoadScopeScheduling):
    """Gives each process one room of tests after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return _shared(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Rooms:
    """Keep together what shares a sandbox."""
    return Rooms(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left with it in the end."""
    rank = {shared: number for number, shared in enumerate(SHARING)}
    items.sort(key=lambda item: rank.get(_shared(item.nodeid), len(rank)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run beside a test of the other process, or alone; the time that it waits for that is not its own."""
    with _room(alone=item.get_closest_marker("alone") is not None):
        return (yield)


def _shared(nodeid: str) -> str:
    path = nodeid.partition("::")[0]
    return next((shared for shared in SHARING if path.startswith(shared)), path)


@contextmanager
def _room(*, alone: bool) -> Iterator[None]:
    path = Path(os.environ[ROOM])
    path.parent.mkdir(exist_ok=True)
    # POSIX locks, for the servers that a test starts must not inherit them.
    with path.open("a+") as file:
        # Whoever wants to be alone holds the door until the room is empty: nobody slips in before it.
        _lock(file, fcntl.LOCK_EX, DOOR)
        _lock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, INSIDE)
        _lock(file, fcntl.LOCK_UN, DOOR)
        yield


def _lock(file: IO[str], operation: int, byte: int) -> None:
    fcntl.lockf(file, operation, 1, byte)
