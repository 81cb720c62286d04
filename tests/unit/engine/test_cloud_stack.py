"""What test and prod lack is listed before the engine is started, each with what to do about it."""

from pathlib import Path

import pytest

from engine import cloud_stack


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for stack in ("local", "prod", "test"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    return tmp_path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "tools"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    return directory


def pulumi(directory: Path, version: str) -> None:
    script = directory / "pulumi"
    script.write_text(f"#!/bin/sh\n[ \"$1\" = version ] && echo {version} || echo '[]'\n")
    script.chmod(0o755)


def test_an_empty_machine_lacks_the_cli_credentials_and_a_backend(project: Path, tools: Path) -> None:
    lacks = cloud_stack.missing("prod", project, {"PATH": str(tools)})
    assert [line.split(":")[0] for line in lacks] == [
        "the Pulumi CLI 3.244.0 or newer",
        "credentials for Databricks",
        "a state backend",
    ]


def test_an_old_cli_without_python_and_plugin_lacks_all_three(project: Path, tools: Path) -> None:
    pulumi(tools, "v3.200.0")
    environment = {"PATH": str(tools), "DATABRICKS_TOKEN": "t", "PULUMI_BACKEND_URL": "azblob://state"}
    lacks = cloud_stack.missing("prod", project, environment)
    assert [line.split(":")[0] for line in lacks] == [
        "the Pulumi CLI 3.244.0 or newer",
        "Pulumi's Python language host",
        "the Databricks plugin",
    ]
    assert "3.200.0" in lacks[0]


def test_an_unknown_stack_is_answered_with_those_that_there_are(project: Path, tools: Path) -> None:
    assert "there is local, prod, test" in cloud_stack.missing("prdo", project, {"PATH": str(tools)})[0]


def test_no_secret_is_named_by_value(project: Path, tools: Path) -> None:
    environment = {"PATH": str(tools), "DATABRICKS_TOKEN": "dapi-very-secret"}
    assert "dapi-very-secret" not in "\n".join(cloud_stack.missing("prod", project, environment))
