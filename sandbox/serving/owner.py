"""The process that a sandbox ends with, where one is named: a run of tests that is killed leaves none behind."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

ENDS_WITH = "ROLLPIN_SANDBOX_ENDS_WITH"
"""Names the process, by its id, to whoever starts a sandbox; without it a sandbox stays until it is stopped."""

_logger = logging.getLogger(__name__)


@contextmanager
def watched(environment: Mapping[str, str], then: Callable[[], None]) -> Iterator[None]:
    """Within the block, call `then` once the process that is named has ended, however it did; it may have already.

    The kernel tells of that process and of no later one of its id, however busy it is. Needs a running event loop.
    """
    if not (named := environment.get(ENDS_WITH)):
        yield
        return
    loop, process = asyncio.get_running_loop(), _opened(named)
    if process is None:
        _logger.info("%s names process %s, which has ended: so does this", ENDS_WITH, named)
        then()
        yield
        return
    loop.add_reader(process, then)
    try:
        yield
    finally:
        loop.remove_reader(process)
        os.close(process)


def _opened(named: str) -> int | None:
    """A descriptor that can be read once the process has ended; None where there is no such process."""
    try:
        return os.pidfd_open(int(named))
    except (ProcessLookupError, ValueError):
        return None
