"""`python -m sandbox.workspace`: the API process, started by the router."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import threading
from pathlib import Path

import uvicorn

from model_ops.imports import uncollected
from sandbox.home import Home
from sandbox.workspace.tracking.mlflow_environment import prepare

_GRACE = 5  # seconds that requests have to finish after the router is gone


class _Parent:
    """Ends this process when its standard input does: the router is gone."""

    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        threading.Thread(target=self._watch, name="parent", daemon=True).start()

    def _watch(self) -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        if self.server is None:
            os._exit(0)
        self.server.should_exit = True
        threading.Event().wait(2 * _GRACE)
        os._exit(0)


def main() -> None:
    """Serve the API on the Unix socket that the router handed over."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.workspace", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the sandbox's directory")
    parser.add_argument("--fd", type=int, required=True, help="the number of the listening Unix socket")
    parser.add_argument("--control", type=Path, required=True, help="the router's control socket")
    options = parser.parse_args()
    parent = _Parent()
    home = Home(options.home)
    home.create()
    prepare(home)
    with uncollected():
        # Only now: MLflow reads its environment when it is imported.
        create_app = importlib.import_module("sandbox.workspace.app").create_app
    app = create_app(home, options.control)
    config = uvicorn.Config(
        app,
        fd=options.fd,
        access_log=False,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=_GRACE,
        server_header=False,
    )
    parent.server = uvicorn.Server(config)
    parent.server.run()


if __name__ == "__main__":
    main()
