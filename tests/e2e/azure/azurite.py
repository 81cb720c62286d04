"""Azurite, Microsoft's emulator of Azure's storage, from npm: installed once outside of the work tree, and started."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from model_ops.cache import cache
from model_ops.template import state

VERSION = "3.35.0"
ACCOUNT = "rollpinstate"
CONTAINER = "state"
INSTALL_BOUND = 300
START_BOUND = 60


@dataclass(frozen=True)
class Storage:
    """A storage account with one container."""

    port: int
    key: str

    @property
    def variables(self) -> Mapping[str, str]:
        """What the engine must find set to keep its state there: the address that `init` writes, and where that is."""
        where = f"domain=127.0.0.1:{self.port}&protocol=http&localemu=true"
        return {
            "PULUMI_BACKEND_URL": f"{state.blob(ACCOUNT, CONTAINER)}&{where}",
            # A key is taken only with this; with the address alone Entra is asked, as in the cloud.
            "AZURE_STORAGE_ACCOUNT": ACCOUNT,
            "AZURE_STORAGE_KEY": self.key,
        }

    @property
    def container(self) -> ContainerClient:
        """The container, by Azure's own client."""
        service = BlobServiceClient(f"http://127.0.0.1:{self.port}/{ACCOUNT}", credential=self.key)
        return service.get_container_client(CONTAINER)


@contextmanager
def started(directory: Path) -> Iterator[Storage]:
    """Start one with its files in `directory`; skips the test where it cannot be had."""
    script = _installed()
    storage = Storage(_free_port(), base64.b64encode(secrets.token_bytes(64)).decode())
    command = ["node", str(script), "--blobPort", str(storage.port), "--location", str(directory)]
    command += ["--blobHost", "127.0.0.1", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    environment = {**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{storage.key}"}
    with (
        (directory / "azurite.log").open("w") as log,
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            _await(storage.port)
            storage.container.create_container()
            yield storage
        finally:
            process.kill()


def _installed() -> Path:
    """Give Azurite's script, which npm brings where it is not there yet."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no node or no npm here, by which Azurite comes")
    root = cache() / f"azurite-{VERSION}"
    script = root / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    if not script.exists():
        _install(root)
    return script


def _install(root: Path) -> None:
    """Install it beside its place first, so that what is there is whole."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as staging:
        options = ["--no-audit", "--no-fund", "--ignore-scripts"]
        command = ["npm", "install", *options, "--prefix", f"{staging}/whole", f"azurite@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_BOUND, check=False)
        if done.returncode:
            pytest.skip(f"npm does not bring Azurite: {(done.stderr.splitlines() or ['it said nothing'])[0]}")
        shutil.rmtree(root, ignore_errors=True)
        Path(staging, "whole").rename(root)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    until = time.monotonic() + START_BOUND
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "Azurite does not answer"
            time.sleep(0.1)
        else:
            return
