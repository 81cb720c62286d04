"""A checkout whose stack is to be bootstrapped, and an `az` on the PATH that stands in for Azure's."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from model_ops.cli import main

HERE = Path(__file__).parent
SUBSCRIPTION = "66666666-6666-6666-6666-666666666666"
TENANT = "33333333-3333-3333-3333-333333333333"
ACTING = ("create", "delete", "update", "register", "recover", "set-attributes")
PROJECTS = Path(__file__).parents[3] / "stacks/projects"


@dataclass(frozen=True)
class Site:
    """A checkout, the file with all things in Azure, and the command that is typed."""

    checkout: Path
    world: Path

    def run(self, *words: str, stack: str = "prod") -> Result:
        place = ("--location", "westeurope") if stack == "prod" else ("--subscription", SUBSCRIPTION)
        return CliRunner().invoke(
            main, ["bootstrap", "--stack", stack, *place, *words, "--project", str(self.checkout)]
        )

    @property
    def azure(self) -> dict[str, Any]:
        return json.loads(self.world.read_text())

    def change(self, edit: Callable[[dict[str, Any]], object]) -> None:
        """Do something by hand in Azure."""
        world = self.azure
        edit(world)
        self.world.write_text(json.dumps(world))

    def made(self, kind: str) -> list[Any]:
        return list(self.azure.get(kind, {}).values())

    def acted(self) -> list[str]:
        """The commands that changed something, or tried to."""
        asked = self.azure.get("calls", [])
        return [
            command
            for command, given in asked
            if command.split()[-1] in ACTING or given.get("method") in ("post", "put", "delete")
        ]


@pytest.fixture(scope="session")
def made_world() -> list[str]:
    """What is in Azure after one run, once some test has had one: to make it anew takes seconds."""
    return []


@pytest.fixture
def made(site: Site, made_world: list[str]) -> Site:
    """A site at which the bootstrap has been run."""
    if not made_world:
        done = site.run("--yes")
        assert done.exit_code == 0, done.output
        made_world.append(site.world.read_text())
    site.world.write_text(made_world[0])
    site.change(lambda world: world.update(calls=[]))
    return site


@pytest.fixture
def site(tmp_path: Path, monkeypatch) -> Site:
    checkout, tools, world = tmp_path / "checkout", tmp_path / "bin", tmp_path / "azure.json"
    for directory in (checkout, tools):
        directory.mkdir()
    for name in ("Pulumi.prod.yaml", "Pulumi.classic.yaml", "Pulumi.serverless.yaml"):
        filled_in = re.sub("2{4,}", lambda example: "6" * len(example[0]), (PROJECTS / name).read_text())
        (checkout / name).write_text(filled_in.replace("66.2.azure", "66.6.azure"))
    (checkout / "Pulumi.yaml").write_text("name: rollpin\nruntime: python\n")
    subprocess.run(["git", "init", "--quiet"], cwd=checkout, check=True)
    remote = "https://github.com/acme/assistants.git"
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=checkout, check=True)
    az = tools / "az"
    # As a module it is compiled once.
    begin = f"import sys; sys.path.insert(0, {str(HERE)!r}); import az_stand_in; az_stand_in.main()"
    az.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S -c {shlex.quote(begin)} "$@"\n')
    az.chmod(0o755)
    world.write_text(json.dumps({"signed_in": True, "subscription": SUBSCRIPTION, "tenant": TENANT}))
    monkeypatch.setenv("AZ_WORLD", str(world))
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return Site(checkout, world)
