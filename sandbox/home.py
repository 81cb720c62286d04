"""Where a sandbox keeps everything: one directory, `.sandbox/` unless told otherwise."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from model_ops.disk import naming


@dataclass(frozen=True)
class Home:
    """Name the files of one sandbox; nothing outside `root` belongs to it but its runtime directory."""

    root: Path

    @property
    def token_file(self) -> Path:
        """The workspace's bearer token, mode 600."""
        return self.root / "token"

    @property
    def port_file(self) -> Path:
        """The loopback port, chosen at the first start and kept."""
        return self.root / "port"

    @property
    def lock_file(self) -> Path:
        """Locked (flock) by the running router, whose pid it holds."""
        return self.root / "lock"

    @property
    def runtime_file(self) -> Path:
        """Holds the path of the private directory of Unix sockets of the running router."""
        return self.root / "runtime"

    @property
    def mlflow_database(self) -> Path:
        """MLflow's tracking and registry store (SQLite)."""
        return self.root / "mlflow.db"

    @property
    def artifacts(self) -> Path:
        """The root of MLflow's artifact store."""
        return self.root / "artifacts"

    @property
    def uploads(self) -> Path:
        """Files of artifacts that are still on their way; beside the store, so that one move puts them there."""
        return self.root / "uploads"

    @property
    def workspace_database(self) -> Path:
        """Unity Catalog objects, principals, permissions and endpoint records (SQLite)."""
        return self.root / "workspace.db"

    @property
    def secrets_key_file(self) -> Path:
        """What the values of secrets are encrypted with, mode 600; made when the first secret is put."""
        return self.root / "secrets.key"

    @property
    def deployments(self) -> Path:
        """What the router serves: one JSON file a serving endpoint."""
        return self.root / "deployments"

    @property
    def gateways(self) -> Path:
        """What the endpoints' AI Gateways ask of the router: one JSON file a serving endpoint."""
        return self.root / "gateways"

    @property
    def tables(self) -> Path:
        """Payload tables: one directory of Parquet files a table, below those of its catalog and schema."""
        return self.root / "tables"

    @property
    def logs(self) -> Path:
        """Logs of the router, of the API and of each model server."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the directory (mode 700), what is below it, and the token if there is none yet."""
        for directory in (
            self.root,
            self.artifacts,
            self.uploads,
            self.deployments,
            self.gateways,
            self.tables,
            self.logs,
        ):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
        if not self.token_file.exists() or not self.token:
            # An empty token would let everybody in.
            write_private(self.token_file, f"rollpin-{secrets.token_hex(24)}\n")
        self.token_file.chmod(0o600)

    @property
    def token(self) -> str:
        """The bearer token that every request must carry."""
        return self.token_file.read_text().strip()

    @property
    def port(self) -> int:
        """The loopback port of this sandbox; raises FileNotFoundError before the first start."""
        return int(self.port_file.read_text())

    @property
    def url(self) -> str:
        """The workspace's address."""
        return f"http://127.0.0.1:{self.port}"


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all, readable by its owner alone; raises OSError that names the file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise naming(path, error) from None


def append_private(path: Path) -> BinaryIO:
    """Open a log or a lock at its end, made if need be; readable by its owner alone, also where it was not before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


@contextmanager
def private_files() -> Iterator[None]:
    """Have whatever this process and its children make meanwhile be readable by its owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
