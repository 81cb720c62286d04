"""The rules as a policy pack, in Pulumi's own library and engine: what they refuse ends a preview."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import automation
from pulumi.automation.errors import CommandError

from engine import pulumi_cli
from engine.event_stack import EventStack
from engine.preview_document import PreviewEvents
from policy.kinds import ENDPOINT
from tests.unit.policy.wanted import endpoint, entity

ROOT = Path(__file__).parents[3]
HOST = """\
#!/bin/sh
exec '{python}' -u -m pulumi.policy "$1" "$2"
"""
"""What the released host does: it starts the pack's own Python on the pack."""


@dataclass
class Preview:
    """How one preview under the pack ended."""

    error: str | None
    found: Mapping[str, str] = field(default_factory=dict)
    """The level of each policy that spoke, by its name."""


@pytest.fixture(scope="module")
def python() -> Path:
    """The pack's own environment; making it is what `make policy-pack` does."""
    command = ["make", "policy-pack", f"PYTHON={sys.executable}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return ROOT / ".venv" / "policy" / "bin" / "python"


@pytest.fixture
def environment(python: Path, tmp_path: Path) -> dict[str, str]:
    host = tmp_path / "bin" / "pulumi-analyzer-policy-python"
    host.parent.mkdir()
    host.write_text(HOST.format(python=python))
    host.chmod(0o755)
    return {
        "PATH": os.pathsep.join([str(host.parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "of a test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def previewed(stack: str, inputs: Mapping[str, Any], work: Path, environment: Mapping[str, str]) -> Preview:
    """Preview a program that wants one endpoint; a component has any type, and needs no provider."""
    settings = automation.ProjectSettings(name="rollpin", runtime="python")
    workspace = automation.LocalWorkspace(
        work_dir=str(work),
        pulumi_command=pulumi_cli.find().command,
        env_vars=dict(environment),
        program=lambda: pulumi.ComponentResource(ENDPOINT, "bot-endpoint", dict(inputs)) and None,
        project_settings=settings,
    )
    events = PreviewEvents()
    try:
        EventStack(stack, workspace).preview(on_event=events, policy_packs=[str(ROOT / "policy")])
    except CommandError as error:
        return Preview(str(error), {each["policy"]: each["level"] for each in events.policies})
    return Preview(None, {each["policy"]: each["level"] for each in events.policies})


def test_the_pack_refuses_what_the_rules_refuse(environment: dict[str, str], tmp_path: Path) -> None:
    unsound = endpoint(entity(entityVersion="latest"), tags=[]).inputs
    done = previewed("test", unsound, tmp_path, environment)
    assert done.error is not None
    assert done.found == {"version-is-pinned": "mandatory", "required-tags-are-there": "mandatory"}


def test_the_pack_lets_pass_what_they_let_pass(environment: dict[str, str], tmp_path: Path) -> None:
    done = previewed("test", endpoint().inputs, tmp_path, environment)
    assert (done.error, done.found) == (None, {})


def test_the_pack_knows_which_stack_is_for_production(environment: dict[str, str], tmp_path: Path) -> None:
    done = previewed("prod", endpoint(entity(scaleToZeroEnabled=True)).inputs, tmp_path, environment)
    assert done.error is not None
    assert "production-never-sleeps" in done.found
