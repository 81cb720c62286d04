"""Both stacks, deployed: the platform's catalog, and version 2 of a model that serves from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient

from engine import principals, pulumi_cli
from engine.local_stack import LocalStack
from model_ops.rehearsed import Rehearsed
from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.engine import versions
from tests.e2e.engine.two_speeds import border
from tests.e2e.engine.two_speeds.pair import FILES, FULL_NAME, PLATFORM, SERVING, Behind, Pair

PULUMI = Path(__file__).parents[4] / "Pulumi.yaml"


def _project(directory: Path) -> Path:
    """The two files, the serving stack's yet without its pin."""
    directory.mkdir()
    shutil.copy(PULUMI, directory)
    shutil.copy(FILES / f"Pulumi.{PLATFORM}.yaml", directory)
    pinned = (FILES / f"Pulumi.{SERVING}.yaml").read_text()
    (directory / f"Pulumi.{SERVING}.yaml").write_text(pinned.replace("      servedVersion: 7\n", ""))
    return directory


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    home = Home(tmp_path_factory.mktemp("speeds") / "home")
    lifecycle.start(home)
    try:
        with border.standing(home.url) as (address, gate):
            behind, engine = Behind(home.root, address), pulumi_cli.find()
            project = _project(home.root.parent / "project")
            stacks = [Rehearsed(name, home.root) for name in (PLATFORM, SERVING)]
            platform, serving = (
                LocalStack(behind, each.root / "project", engine, print, source=project, rehearsed=each)
                for each in stacks
            )
            for each in stacks:
                principals.introduce(home, principals.named(project, each.stack), each.stack)
            client = WorkspaceClient(host=home.url, token=home.token, auth_type="pat")
            made = Pair(project, platform, serving, gate, client)
            assert platform.run("up").error is None
            assert serving.run("up").error is None
            versions.register(home, FULL_NAME)
            made.pin(2)
            assert serving.run("up").error is None
            yield made
    finally:
        lifecycle.stop(home)
