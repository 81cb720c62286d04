"""The project's own files, read as a visitor or GitHub reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
Workflow = dict[str, Any]


def parse(path: Path) -> Workflow:
    """Read YAML 1.2, where `on` is a word and not a boolean."""
    return YAML(typ="safe", pure=True).load(path.read_text())


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def workflow_files() -> list[Path]:
    return sorted((ROOT / ".github/workflows").glob("*"))


@pytest.fixture
def workflows(workflow_files: list[Path]) -> dict[str, Workflow]:
    return {path.stem: parse(path) for path in workflow_files}


@pytest.fixture
def jobs(workflows: dict[str, Workflow]) -> dict[str, dict[str, Any]]:
    """Every job, by `workflow.job`."""
    return {f"{name}.{job}": body for name, flow in workflows.items() for job, body in flow["jobs"].items()}


@pytest.fixture
def steps(jobs: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [step for job in jobs.values() for step in job.get("steps", ())]


@pytest.fixture
def texts() -> dict[str, str]:
    """What people read: the README, CONTRIBUTING and the documents, by path."""
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


@pytest.fixture
def make_targets() -> dict[str, str]:
    """Every target of the Makefile that has a line of help, with it."""
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
