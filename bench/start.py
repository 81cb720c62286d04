"""Measures how long the sandbox takes to be ready, side by side with `mlflow server` alone, as a ratio.

Both start from nothing in a directory of their own, in turn, and count as ready at their first 200.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from sandbox import lifecycle
from sandbox.home import Home

BOUND = 120.0
"""Seconds that a start may take."""


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--workers", default=4, show_default=True, help="Of `mlflow server`; 4 is its own default.")
def main(rounds: int, workers: int) -> None:
    """Start both sides ROUNDS times in turn and print the medians and their ratio."""
    ours, theirs = [], []
    for turn in range(1, rounds + 1):
        theirs.append(_mlflow_server(workers))
        ours.append(_sandbox())
        click.echo(f"round {turn}: mlflow server {theirs[-1]:.2f} s, sandbox {ours[-1]:.2f} s")
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    click.echo(f"median: mlflow server {statistics.median(theirs):.2f} s, sandbox {statistics.median(ours):.2f} s")
    click.echo(f"sandbox / mlflow server: {ratio:.2f}")


def _sandbox() -> float:
    with tempfile.TemporaryDirectory() as directory:
        home = Home(Path(directory) / "sandbox")
        began = time.monotonic()
        lifecycle.start(home, timeout=BOUND)
        seconds = time.monotonic() - began
        lifecycle.stop(home)
    return seconds


def _mlflow_server(workers: int) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        words = ["--backend-store-uri", "sqlite:///mlflow.db", "--workers", str(workers), "--port", str(port)]
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", *words],
            cwd=directory,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                _wait(f"http://127.0.0.1:{port}/health")
                return time.monotonic() - began
            finally:
                os.killpg(process.pid, 15)


def _wait(url: str) -> None:
    deadline = time.monotonic() + BOUND
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback, and our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise click.ClickException(f"{url} did not answer within {BOUND:.0f} s")


if __name__ == "__main__":
    main()
