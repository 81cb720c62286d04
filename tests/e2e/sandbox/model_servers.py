"""Which processes serve the models of a sandbox: each is the head of its session, in a directory of its own."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.sandbox import processes


def model_servers(home: Home) -> dict[str, int]:
    """The model servers' process ids, by the names of their directories."""
    router = lifecycle.running(home)
    runtime = Path(home.runtime_file.read_text().strip())
    found = {}
    for process in processes.below(router) if router is not None else ():
        try:
            directory, head = Path(process.cwd()), os.getsid(process.pid) == process.pid
        except (psutil.Error, ProcessLookupError):
            continue
        if head and directory.parent == runtime:
            found[directory.name] = process.pid
    return found
