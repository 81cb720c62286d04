"""A steady load on a serving endpoint, from a process of its own, each request's fate written down.

`python -m rehearsal.load URL FILE --rate 25` reads the token from DATABRICKS_TOKEN, sends at fixed times whether or
not answers keep up, and ends at SIGTERM once every request that was sent has its answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import aiohttp
import click

from model_ops import user_agent
from model_ops.proving.answer import bearer, version_of

PATIENCE = aiohttp.ClientTimeout(total=300)
"""Longer than any request may take, so that a lost one is seen as lost and not as ours."""


@dataclass(frozen=True)
class Shot:
    """One request: when it was sent and answered (seconds since the epoch), by which version, and what went wrong."""

    sent: float
    answered: float
    version: int | None
    error: str | None = None


@click.command()
@click.argument("url")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rate", default=25.0, show_default=True, help="Requests a second.")
def main(url: str, file: Path, rate: float) -> None:
    """Send a question to URL at a fixed rate until SIGTERM; write one JSON line a request to FILE."""
    with file.open("w") as out:
        asyncio.run(_fire(url, out, rate))


def read(file: Path) -> tuple[Shot, ...]:
    """Read back what `main` wrote."""
    return tuple(Shot(**json.loads(line)) for line in file.read_text().splitlines())


async def _fire(url: str, out: IO[str], rate: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    headers = {**user_agent.header(), **bearer(os.environ["DATABRICKS_TOKEN"])}
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(headers=headers, timeout=PATIENCE, connector=connector) as session,
        asyncio.TaskGroup() as shots,
    ):
        for turn, at in enumerate(_times(rate)):
            if await _stopped(stop, at - time.monotonic()):
                break
            shots.create_task(_shoot(session, url, turn, out))


def _times(rate: float) -> Iterator[float]:
    """Moments on the monotonic clock, evenly spaced: a late one is not skipped, so the rate holds."""
    began, turn = time.monotonic(), 0
    while True:
        yield began + turn / rate
        turn += 1


async def _stopped(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), max(seconds, 0.0))
    except TimeoutError:
        return False
    return True


async def _shoot(session: aiohttp.ClientSession, url: str, turn: int, out: IO[str]) -> None:
    body = {"messages": [{"role": "user", "content": f"How do I roll back to an earlier version? ({turn})"}]}
    sent = time.time()
    version, error = None, None
    try:
        async with session.post(url, json=body) as answer:
            text = await answer.text()
            version = version_of(answer.headers.get("served-model-name", ""))
            error = None if answer.ok else f"{answer.status}: {text[:300]}"
            json.loads(text)
    except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
        error = error or f"{type(failure).__name__}: {failure}"
    out.write(json.dumps(asdict(Shot(sent, time.time(), version, error))) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
