"""What is to be written into the payload tables: gathered in memory, within bounds, and written beside the requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sandbox.serving.payload_part import write_part
from sandbox.serving.payload_row import Row

INTERVAL = 5.0
"""Seconds after which what was gathered is written."""
ENOUGH = 4 * 1024 * 1024
"""Bytes that are written without waiting for the interval's end."""
MOST = 64 * 1024 * 1024
"""Bytes that are kept while the disk is slow; what comes beyond them is lost, and the log says how much."""

_logger = logging.getLogger(__name__)


class PayloadLog:
    """Takes rows on the event loop without waiting, and writes them in a thread, one file at a time."""

    def __init__(self, *, interval: float = INTERVAL, enough: int = ENOUGH, most: int = MOST) -> None:
        self._interval, self._enough, self._most = interval, enough, most
        self._rows: dict[Path, list[Row]] = {}
        self._size = self._lost = 0
        self._due = asyncio.Event()
        self._closing = False
        self._writing: asyncio.Task[None] | None = None

    def add(self, table: Path, row: Row) -> None:
        """Take a row for the table in that directory."""
        if self._size + row.size > self._most:
            self._lost += 1
            return
        self._rows.setdefault(table, []).append(row)
        self._size += row.size
        if self._size >= self._enough:
            self._due.set()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_on())

    async def close(self) -> None:
        """Write what is left."""
        self._closing = True
        self._due.set()
        if self._writing is not None:
            await self._writing

    async def _write_on(self) -> None:
        while self._rows:
            if not self._closing:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), self._interval)
                self._due.clear()
            await self._write()

    async def _write(self) -> None:
        gathered, self._rows = self._rows, {}
        for table, rows in gathered.items():
            await asyncio.to_thread(_try_write, table, rows)
            self._size -= sum(row.size for row in rows)
        if self._lost:
            _logger.warning("%s requests were not written into payload tables: the disk is too slow.", self._lost)
            self._lost = 0


def _try_write(table: Path, rows: Sequence[Row]) -> None:
    try:
        write_part(table, rows)
    except (OSError, ValueError, TypeError, MemoryError) as error:
        _logger.warning("%s requests are lost to the payload table %s: %s", len(rows), table, error)
