"""The stand-in as a process that this one starts, and that every run of the engine from here attaches to."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import weakref
from collections.abc import Mapping
from pathlib import Path

from engine.released_plugin import NAME

WHERE = "PULUMI_DEBUG_PROVIDERS"
"""The engine's own variable for providers that it is to attach to, with `databricks:PORT` in it."""


class Process:
    """The stand-in that is on the PATH; it starts when it is first wanted, and ends with this process, or before.

    What it says goes into `log`.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started: subprocess.Popen[str] | None = None
        self._port = ""

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What the engine must find set to attach to it; nothing where it does not run: then it starts its own.

        Where another one is on the PATH by now, that one is started in its place.
        """
        script = shutil.which(NAME, path=environment.get("PATH"))
        if script is None:
            return {}
        if self._started is None or self._started.poll() is not None or self._started.args != [script]:
            self._start(script, environment)
        return {WHERE: f"databricks:{self._port}"} if self._port else {}

    def end(self) -> None:
        """End it, if it runs; it starts again when it is wanted."""
        if self._started is not None:
            _end(self._started)

    def _start(self, script: str, environment: Mapping[str, str]) -> None:
        with self._log.open("a") as log:
            # In a group of its own, as the engine starts a plugin: Ctrl-C is the engine's to tell.
            self._started = subprocess.Popen(
                [script],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                process_group=0,
            )
        weakref.finalize(self, _end, self._started)
        self._port = self._started.stdout.readline().strip() if self._started.stdout else ""


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):
        process.terminate()
    process.wait()
    if process.stdout:
        process.stdout.close()
