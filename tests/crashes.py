"""What a process that died while it ran a test had to say: in the report of that test, not far above it."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from xdist.workermanage import WorkerController

PATIENCE = 10.0
"""Seconds until a process whose connection is gone must have ended."""


def listen(config: pytest.Config) -> None:
    """Have this process write where each of its threads is, should a signal like SIGSEGV end it."""
    where = said(config, config.workerinput["workerid"])  # type: ignore[attr-defined]  # xdist gives it
    where.parent.mkdir(exist_ok=True)
    faulthandler.enable(where.open("w"))


def said(config: pytest.Config, worker: str) -> Path:
    """The file in which the process with a name leaves that."""
    return config.rootpath / "build" / f"crash-{worker}.txt"


class Crashes:
    """Adds to the report of a test whose process died how it ended, and what it left."""

    def pytest_handlecrashitem(self, report: pytest.TestReport) -> None:
        """Say it in the report, which xdist is about to give."""
        worker: WorkerController = report.node  # type: ignore[attr-defined]  # xdist gives it
        left = said(worker.config, worker.gateway.id)
        text = left.read_text() if left.is_file() else ""
        report.longrepr = f"{report.longrepr}\nit ended with {_ending(worker)}\n{text or 'and left no traceback'}"


def _ending(worker: WorkerController) -> str:
    process: Any = getattr(worker.gateway._io, "popen", None)  # execnet keeps it to itself
    code = None
    with contextlib.suppress(AttributeError, subprocess.TimeoutExpired):
        code = process.wait(timeout=PATIENCE)
    if code is None:
        return "its connection, and still runs"
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
