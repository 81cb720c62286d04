"""Starts model servers: their sockets, scratch directories, logs and environments."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path

from sandbox.serving.child import Command, tail
from sandbox.serving.instance import Runtime
from sandbox.serving.model_server import LONGEST_REQUEST, Berth, ModelServer
from sandbox.serving.served_config import Entity
from sandbox.serving.sockets import listen

PASSED_ON = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR",
    "VIRTUAL_ENV", "CONDA_PREFIX", "JAVA_HOME", "LD_LIBRARY_PATH",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
)  # fmt: skip
"""What a model server's environment may take from ours: nothing that names or opens a workspace."""
MODEL_PATH = "__pyfunc_model_path__"
"""The variable in which MLflow's scoring server looks for its model."""


def environment(ours: Mapping[str, str], entity: Entity) -> dict[str, str]:
    """Return a model server's environment: the allow-list, the entity's own variables, and what serving needs."""
    passed = {name: value for name, value in ours.items() if name in PASSED_ON or name.startswith("LC_")}
    return {
        **passed,
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the code of a version lies among its files, which do not change any more
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        # The router's own bound comes first and answers in Databricks' form.
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": str(int(LONGEST_REQUEST) + 30),
        **entity.environment,
        MODEL_PATH: entity.model_dir,
    }


class Launcher:
    """Makes model servers in `runtime` that log below `logs`."""

    def __init__(self, runtime: Runtime, logs: Path) -> None:
        self._runtime = runtime
        self._logs = logs
        self._numbers = itertools.count(1)
        self._launched: weakref.WeakSet[ModelServer] = weakref.WeakSet()

    def launch(self, endpoint: str, entity: Entity, *, proven: bool) -> ModelServer:
        """Return the model server of an entity, not started yet; the names have been checked."""
        number = next(self._numbers)
        path = self._runtime.root / f"m{number}.sock"
        berth = Berth(listener=listen(path), path=path, scratch=self._runtime.root / f"m{number}")
        berth.scratch.mkdir(mode=0o700)
        descriptor = berth.listener.fileno()
        command = Command(
            argv=(sys.executable, "-P", "-m", "sandbox.serving.scoring", str(descriptor)),
            env=environment(os.environ, entity),
            cwd=berth.scratch,
            log=self._log(endpoint, entity.name),
            descriptors=(descriptor, self._runtime.alive),
        )
        server = ModelServer(endpoint, entity.name, berth, command, proven=proven)
        self._launched.add(server)
        return server

    async def stop_all(self) -> None:
        """Stop every model server that has been launched, also those that drain."""
        await asyncio.gather(*(server.stop() for server in set(self._launched)))

    def log_lines(self, endpoint: str, entity: str, count: int) -> str:
        """Return the last lines that an entity's processes wrote."""
        return "\n".join(tail(self._log(endpoint, entity)).splitlines()[-count:])

    def _log(self, endpoint: str, entity: str) -> Path:
        return self._logs / endpoint / f"{entity}.log"
