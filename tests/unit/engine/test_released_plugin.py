"""Which Databricks plugin counts as installed: what the engine itself would take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import cloud_stack
from engine.released_plugin import NAME, is_installed
from engine.stand_in import executable

WANTED = "1.106.0"


def pulumi(directory: Path, *versions: str) -> str:
    """A CLI that lists these versions of the plugin: the seam is the process."""
    listed = json.dumps([{"name": "databricks", "version": version} for version in versions])
    script = directory / "pulumi"
    script.write_text(f"#!/bin/sh\necho '{listed}'\n")
    script.chmod(0o755)
    return str(script)


def on_path(directory: Path) -> dict[str, str]:
    plugin = directory / NAME
    plugin.write_bytes(b"\x7fELF" + bytes(5000))
    plugin.chmod(0o755)
    return {"PATH": f"/usr/bin:{directory}"}


def test_a_provider_on_the_path_counts_whatever_the_cli_lists(tmp_path: Path) -> None:
    assert is_installed(pulumi(tmp_path), on_path(tmp_path), WANTED)


@pytest.mark.parametrize(("versions", "there"), [((WANTED,), True), (("1.0.0",), False), ((), False)])
def test_without_one_on_the_path_it_must_be_of_the_version_wanted(
    tmp_path: Path, versions: tuple[str, ...], there: bool
) -> None:
    assert is_installed(pulumi(tmp_path, *versions), {"PATH": "/usr/bin"}, WANTED) == there


@pytest.mark.parametrize(("home", "below"), [("PULUMI_HOME", "plugins"), ("HOME", ".pulumi/plugins")])
def test_without_its_folder_the_cli_need_not_be_asked(tmp_path: Path, home: str, below: str) -> None:
    environment = {"PATH": "/usr/bin", home: str(tmp_path)}
    assert not is_installed("/no/such/cli", environment, WANTED)
    (tmp_path / below / f"resource-databricks-v{WANTED}").mkdir(parents=True)
    assert is_installed(pulumi(tmp_path, WANTED), environment, WANTED)
    assert not is_installed(pulumi(tmp_path), environment, WANTED)


def test_our_own_stand_in_on_the_path_is_no_released_provider(tmp_path: Path) -> None:
    executable.install(tmp_path)
    assert not is_installed(pulumi(tmp_path), {"PATH": f"/usr/bin:{tmp_path}"}, WANTED)


def test_a_path_that_the_engine_is_told_to_ignore_does_not_count(tmp_path: Path) -> None:
    environment = {**on_path(tmp_path), "PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}
    assert not is_installed(pulumi(tmp_path), environment, WANTED)


def test_a_stack_in_azure_does_not_miss_a_plugin_that_is_on_the_path(tmp_path: Path) -> None:
    environment = on_path(tmp_path)
    pulumi(tmp_path)
    assert not [line for line in cloud_stack.missing("prod", tmp_path, environment) if "Databricks plugin" in line]
    (tmp_path / NAME).unlink()
    assert [line for line in cloud_stack.missing("prod", tmp_path, environment) if "Databricks plugin" in line]
