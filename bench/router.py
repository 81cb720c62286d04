"""Measures what the router costs: the same model server, asked through the router and directly.

Run as `python bench/router.py`. Both sides run in one process, in turns, so that what else the machine does
falls on both. Directly means over the model server's own Unix socket, which is the best that a client could do.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import click

from sandbox import lifecycle
from sandbox.home import Home

BODY = json.dumps({"dataframe_split": {"columns": ["question"], "data": [["What is a standby?"]]}}).encode()
HEADERS = {"Content-Type": "application/json"}
MODEL = """\
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel


class Echo(PythonModel):
    def predict(self, context, model_input, params=None):
        return [len(model_input)]


set_model(Echo())
"""


@dataclass(frozen=True)
class Side:
    """One way to the model server."""

    url: str
    connector: Callable[[], aiohttp.BaseConnector]
    headers: dict[str, str]


@dataclass(frozen=True)
class Round:
    """What one run of requests took."""

    per_second: float
    median_ms: float
    p99_ms: float


@click.command()
@click.option("--requests", default=1000, show_default=True, help="Requests of a round.")
@click.option("--rounds", default=6, show_default=True, help="Rounds of each side.")
@click.option("--clients", default=[1, 16], show_default=True, multiple=True, help="Clients at once.")
def main(requests: int, rounds: int, clients: tuple[int, ...]) -> None:
    """Measure and print a table: one line a number of clients."""
    with tempfile.TemporaryDirectory() as directory:
        home = Home(Path(directory) / "sandbox")
        model = _log_model(Path(directory))
        click.echo("Starting a sandbox with one model …", err=True)
        lifecycle.start(home)
        try:
            sides = asyncio.run(_deployed(home, model))
            asyncio.run(_measure(sides, requests, rounds, clients))
        finally:
            lifecycle.stop(home)


def _log_model(directory: Path) -> Path:
    import mlflow
    from mlflow.models import infer_signature

    source = directory / "model.py"
    source.write_text(MODEL)
    signature = infer_signature([{"question": "a"}], [1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.pyfunc.save_model(
            directory / "model", python_model=str(source), signature=signature, pip_requirements=["mlflow"]
        )
    return directory / "model"


async def _deployed(home: Home, model: Path) -> tuple[Side, Side]:
    runtime = Path(home.runtime_file.read_text().strip())
    entity = {"name": "echo-v1", "entity_name": "main.default.echo", "entity_version": "1", "model_dir": str(model)}
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(runtime / "control.sock"))) as control:
        await control.put("http://control/deployments/echo", json={"served_entities": [entity]}, raise_for_status=True)
        for _ in range(600):
            if await _ready(control):
                break
            await asyncio.sleep(0.2)
    socket = runtime / "m1.sock"
    direct = Side("http://localhost/invocations", lambda: aiohttp.UnixConnector(str(socket), limit=0), HEADERS)
    headers = {**HEADERS, "Authorization": f"Bearer {home.token}"}
    url = f"{home.url}/serving-endpoints/echo/invocations"
    return direct, Side(url, lambda: aiohttp.TCPConnector(limit=0), headers)


async def _ready(control: aiohttp.ClientSession) -> bool:
    async with control.get("http://control/deployments/echo") as response:
        document: dict[str, Any] = await response.json()
    if document["state"]["config_update"] == "UPDATE_FAILED":
        raise click.ClickException(json.dumps(document["pending_config"], indent=2))
    return bool(document["state"]["ready"] == "READY")


async def _measure(sides: tuple[Side, Side], requests: int, rounds: int, clients: tuple[int, ...]) -> None:
    click.echo(f"{requests} requests a round, the median of {rounds} rounds a side, in turns")
    click.echo(
        "clients   direct/s   router/s  throughput   direct p50   router p50   added p50  direct p99  router p99"
    )
    for count in clients:
        direct: list[Round] = []
        router: list[Round] = []
        for side in sides:
            await _round(side, max(requests // 10, count), count)
        for number in range(rounds):
            order = [(sides[0], direct), (sides[1], router)]
            for side, results in order if number % 2 else reversed(order):
                results.append(await _round(side, requests, count))
        click.echo(_line(count, direct, router))


def _line(clients: int, direct: list[Round], router: list[Round]) -> str:
    rates = [statistics.median(r.per_second for r in side) for side in (direct, router)]
    medians = [statistics.median(r.median_ms for r in side) for side in (direct, router)]
    slow = [statistics.median(r.p99_ms for r in side) for side in (direct, router)]
    return (
        f"{clients:7}   {rates[0]:8.0f}   {rates[1]:8.0f}      {rates[1] / rates[0]:.2f} x   "
        f"{medians[0]:7.2f} ms   {medians[1]:7.2f} ms  {medians[1] - medians[0]:+7.2f} ms "
        f" {slow[0]:7.2f} ms  {slow[1]:7.2f} ms"
    )


async def _round(side: Side, requests: int, clients: int) -> Round:
    took: list[float] = []

    async def client(session: aiohttp.ClientSession) -> None:
        for _ in range(requests // clients):
            begun = time.perf_counter()
            async with session.post(side.url, data=BODY, headers=side.headers) as response:
                await response.read()
                response.raise_for_status()
            took.append((time.perf_counter() - begun) * 1000)

    async with aiohttp.ClientSession(connector=side.connector()) as session:
        begun = time.perf_counter()
        await asyncio.gather(*(client(session) for _ in range(clients)))
        seconds = time.perf_counter() - begun
    took.sort()
    return Round(len(took) / seconds, statistics.median(took), took[int(len(took) * 0.99)])


if __name__ == "__main__":
    main()
