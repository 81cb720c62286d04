"""One sandbox with registered versions for the whole session, and a new stack for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from pulumi.automation import PulumiCommand

from engine import pulumi_cli
from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.engine import versions
from tests.e2e.engine.stand_in.driven_stack import DrivenStack

MODEL = "taught.bot.chain"


@dataclass(frozen=True)
class Taught:
    """A sandbox whose model has versions 1 and 2 that serve, 3 that does not load, and 4 that never ends loading."""

    home: Home
    client: WorkspaceClient
    model: str = MODEL


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taught]:
    home = Home(tmp_path_factory.mktemp("provider") / "sandbox")
    lifecycle.start(home)
    try:
        client = WorkspaceClient(host=home.url, token=home.token, auth_type="pat")
        client.catalogs.create("taught")
        client.schemas.create("bot", "taught")
        versions.register(home, MODEL)
        yield Taught(home, client)
    finally:
        lifecycle.stop(home)


@pytest.fixture(scope="session")
def command() -> PulumiCommand:
    """The engine that the project finds or builds."""
    return pulumi_cli.find(print).command


@pytest.fixture
def stack(tmp_path: Path, taught: Taught, command: PulumiCommand) -> Iterator[DrivenStack]:
    """A stack with nothing in it, and afterwards with nothing left: neither resources nor processes."""
    driven = DrivenStack(tmp_path, taught.home, command)
    yield driven
    assert not driven.run("destroy").failed
    assert driven.processes() == {}
