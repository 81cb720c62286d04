"""A fork server's own process: it has imported what every model server imports, and forks one when it is asked to.

Run as `python -m sandbox.serving.forking DESCRIPTOR`, the channel to the router, with a pipe on stdin whose end of file
is the end of the router, and so of this process.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import runpy
import socket
import sys
from importlib import import_module
from pathlib import Path

from model_ops.imports import uncollected
from sandbox.serving.birth import MODULE, Asked, asked
from sandbox.serving.scoring import end_with_parent, name_process

PRELOADED = (
    "mlflow.pyfunc",
    "mlflow.pyfunc.scoring_server",
    "fastapi",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
)
"""What every model server imports, whatever its model."""


def main() -> None:
    """Fork until the router ends; exits 1, the reason in the last line, where what was imported allows no fork."""
    watch = end_with_parent()
    name_process("fork server")
    channel = socket.socket(fileno=int(sys.argv[1]))
    _preload()
    born = _serve(channel)
    if born is None:
        watch.kill()
        return
    _become(born)
    runpy.run_module(MODULE, run_name="__main__", alter_sys=True)


def _preload() -> None:
    before = _descriptors()
    with uncollected():
        for module in PRELOADED:
            import_module(module)
        # It looks through all that is installed, for half a second, and MLflow keeps what was found for each load.
        import_module("mlflow.utils.requirements_utils").warn_dependency_requirement_mismatches(["mlflow"])
    if opened := _descriptors() - before:
        sys.exit(f"What was imported holds descriptors, which a fork would share: {sorted(opened)}")
    # OpenBLAS ends its threads before a fork, and starts them again when there is something to compute.
    trial = os.fork()
    if not trial:
        os._exit(0)
    os.waitpid(trial, 0)


def _serve(channel: socket.socket) -> Asked | None:
    """Fork whenever asked to; returns None once nobody can ask any more, and in each fork what it was asked for."""
    while (wanted := asked(channel)) is not None:
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            sys.exit(f"There are {threads} threads, of which a fork would have one.")
        pid = _fork()
        if not pid:
            # Before anything else: as long as these are open, the router waits for a fork server that has died.
            channel.close()
            os.close(wanted.answer)
            return wanted
        with contextlib.suppress(BrokenPipeError):  # who asked has given up
            os.write(wanted.answer, str(pid).encode())
        for descriptor in {wanted.answer, *wanted.held.values()}:
            os.close(descriptor)
    return None


def _fork() -> int:
    """Return the id of a new process, 0 in itself: the head of a session, which Linux has handed to the router."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        # It ends at once, for an orphan goes to the router, which reaps it and so learns how it ended.
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            os._exit(1)
        os.setsid()
        os.write(writing, str(os.getpid()).encode())
        return 0
    os.close(writing)
    told = os.read(reading, 20)
    os.close(reading)
    os.waitpid(between, 0)
    if not told:
        sys.exit("No process can be forked.")
    return int(told)


def _become(born: Asked) -> None:
    """Make of this fork what its command would have started, once the router has sent the byte that says go."""
    if not os.read(born.held[0], 1):
        os._exit(0)  # the router does not wait for it any more
    _hold(born)
    os.chdir(born.birth.directory)
    os.environ.clear()
    os.environ.update(born.birth.environment)
    sys.argv[1:] = born.birth.arguments
    import_module("numpy").random.seed()  # the standard library's `random` does so itself


def _hold(born: Asked) -> None:
    """Hold the descriptors that it is to have, by their numbers, and no others."""
    above = max(_descriptors().union(born.held)) + 1
    moved = {number: fcntl.fcntl(held, fcntl.F_DUPFD_CLOEXEC, above) for number, held in born.held.items()}
    os.closerange(0, above)
    for number, held in moved.items():
        os.dup2(held, number)
        os.close(held)


def _descriptors() -> set[int]:
    return {int(file.name) for file in Path("/proc/self/fd").iterdir()}


if __name__ == "__main__":
    main()
