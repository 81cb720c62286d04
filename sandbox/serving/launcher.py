"""Starts model servers: their sockets, scratch directories, logs and environments."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path

from model_ops.secret_reference import in_environment
from sandbox.serving import secret_process
from sandbox.serving.birth import MODULE
from sandbox.serving.child import Child, Command, tail
from sandbox.serving.fork_process import ForkProcess
from sandbox.serving.fork_server import ForkServer, NotForkedError
from sandbox.serving.instance import Runtime
from sandbox.serving.model_server import LONGEST_REQUEST, Berth, ModelServer
from sandbox.serving.orphans import Orphans
from sandbox.serving.secret_values import SecretValues
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

_logger = logging.getLogger(__name__)


def environment(ours: Mapping[str, str], entity: Entity) -> dict[str, str]:
    """Return a model server's environment: what all of them have, the entity's own variables, and its model.

    Variables that refer to secrets are left out: their values reach the process another way.
    """
    secret = in_environment(entity.environment)
    plain = {name: value for name, value in entity.environment.items() if name not in secret}
    return {**_common(ours), **plain, MODEL_PATH: entity.model_dir}


class Launcher:
    """Makes model servers in `runtime` that log below `logs`."""

    def __init__(self, runtime: Runtime, logs: Path) -> None:
        self._runtime = runtime
        self._logs = logs
        self._secrets = SecretValues(runtime.api_socket)
        self._numbers = itertools.count(1)
        self._launched: weakref.WeakSet[ModelServer] = weakref.WeakSet()
        log = logs / "fork-server.log"
        self._fork_server = ForkServer(lambda: ForkProcess(runtime, log, _common(os.environ)), Orphans())

    def launch(self, endpoint: str, entity: Entity, *, proven: bool) -> ModelServer:
        """Return the model server of an entity, not started yet; the names have been checked."""
        number = next(self._numbers)
        path = self._runtime.root / f"m{number}.sock"
        berth = Berth(listener=listen(path), path=path, scratch=self._runtime.root / f"m{number}")
        berth.scratch.mkdir(mode=0o700)
        descriptor = berth.listener.fileno()
        command = Command(
            argv=(sys.executable, "-P", "-m", MODULE, str(descriptor), entity.name),
            env=environment(os.environ, entity),
            cwd=berth.scratch,
            log=self._log(endpoint, entity.name),
            descriptors=(descriptor, self._runtime.alive),
        )
        server = ModelServer(endpoint, entity.name, berth, lambda: self._start(command, entity), proven=proven)
        self._launched.add(server)
        return server

    async def stop_all(self) -> None:
        """Stop every model server that has been launched, also those that drain."""
        await asyncio.gather(*(server.stop() for server in set(self._launched)))
        await self._fork_server.stop()

    def log_lines(self, endpoint: str, entity: str, count: int) -> str:
        """Return the last lines that an entity's processes wrote."""
        return "\n".join(tail(self._log(endpoint, entity)).splitlines()[-count:])

    async def _start(self, command: Command, entity: Entity) -> Child:
        if in_environment(entity.environment):
            # Each time that it starts: a value that was put since is what it gets.
            secrets = await self._secrets.resolve(entity.environment)
            return secret_process.spawn(command, secrets)
        # Variables of its own may be read by what it imports, as those of libraries' threads are.
        return await (self._spawn(command) if entity.environment else self._fork(command))

    async def _fork(self, command: Command) -> Child:
        try:
            return await self._fork_server.fork(command)
        except NotForkedError as error:
            _logger.warning("%s. A model server imports MLflow itself.", error)
            return await self._spawn(command)

    async def _spawn(self, command: Command) -> Child:
        return Child.spawn(command)

    def _log(self, endpoint: str, entity: str) -> Path:
        return self._logs / endpoint / f"{entity}.log"


def _common(ours: Mapping[str, str]) -> dict[str, str]:
    """What every model server has in its environment: the allow-list, and what serving needs."""
    passed = {name: value for name, value in ours.items() if name in PASSED_ON or name.startswith("LC_")}
    return {
        **passed,
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the code of a version lies among its files, which do not change any more
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        # The router's own bound comes first and answers in Databricks' form.
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": str(int(LONGEST_REQUEST) + 30),
    }
