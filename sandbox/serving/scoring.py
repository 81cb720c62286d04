"""A model server's own process: MLflow's scoring server on a socket that the router has opened.

Run as `python -m sandbox.serving.scoring DESCRIPTOR NAME [--secrets]`, with a pipe on stdin whose end of file is the
end of the router, and so of this process and all it has started.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from model_ops.imports import uncollected
from sandbox.serving.secret_channel import WORD, receive

KEEP_ALIVE = 3600
"""Seconds; the router lets go of idle connections long before, so that none closes under a request."""
WATCH = "while read -r _; do :; done; kill -KILL 0"


def main() -> None:
    """Load the model and serve it until the router ends; exits 1, the reason in the last line, if it cannot."""
    secrets = receive() if WORD in sys.argv else {}
    watch = end_with_parent()
    name_process(sys.argv[2])
    os.environ.update(secrets)  # after the watch has begun, which has no use for them, and before any library
    app = _load()

    import uvicorn  # after the watch has begun, which must not wait for imports

    uvicorn.run(app, fd=int(sys.argv[1]), access_log=False, log_level="warning", timeout_keep_alive=KEEP_ALIVE)
    watch.kill()


def end_with_parent() -> subprocess.Popen[bytes]:
    """Have this process and its whole group killed as soon as stdin reaches end of file; returns who does it."""
    # A process, for a thread could not run while a model's native code holds the interpreter.
    watch = subprocess.Popen(("/bin/sh", "-c", WATCH), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return watch


def name_process(name: str) -> None:
    """Let `ps -e` and `top` show the end of a name, of which Linux keeps 15 bytes."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_bytes(name.encode()[-15:])


def _load() -> Any:
    try:
        with uncollected():
            import_module("mlflow.pyfunc")  # apart from the model, whose garbage is its own matter
        from mlflow.pyfunc.scoring_server import app  # loads the model as it is imported
    except Exception as error:  # noqa: BLE001 - whatever a model's code raises ends here
        traceback.print_exc()
        text = " ".join(str(error).split())
        sys.exit(f"{type(error).__name__}: {text}" if text else type(error).__name__)
    return app.app


if __name__ == "__main__":
    main()
