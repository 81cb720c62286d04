"""Which layer of the environment a target makes in a fresh clone, as `make` itself says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.requirement_files import ROOT

PLAIN = ["requirements.txt"]
REHEARSE = [*PLAIN, "requirements-rehearse.txt"]
DEV = [*REHEARSE, "requirements-dev.txt"]
INSTALLS = re.compile(r"uv pip install .*-r (\S+)")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What of a fresh clone decides what is made."""
    for path in [ROOT / "Makefile", ROOT / "pyproject.toml", *ROOT.glob("requirements*.txt")]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def planned(clone: Path, *words: str) -> list[str]:
    """The files that `make` would install, in order."""
    environment = {"PATH": os.environ["PATH"], "JAVA_HOME": os.environ.get("JAVA_HOME", "")}
    command = ["make", "--dry-run", *words]
    done = subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True, text=True)
    return INSTALLS.findall(done.stdout)


@pytest.mark.parametrize("target", ["up", "preview", "refresh", "destroy", "verify"])
@pytest.mark.parametrize(("stack", "files"), [("prod", PLAIN), ("test", PLAIN), ("", PLAIN), ("local", REHEARSE)])
def test_a_stack_in_azure_needs_the_plain_layer_and_the_local_one_the_sandboxes(clone, target, stack, files):
    assert planned(clone, target, f"STACK={stack}") == files


@pytest.mark.parametrize(
    ("target", "files"),
    [
        *((target, REHEARSE) for target in ("sandbox", "down")),
        *((target, DEV) for target in ("setup", "lint", "docs", "requirements", "benchmark")),
        ("setup-deploy", PLAIN),
        ("clean", []),
        ("help", []),
    ],
)
def test_a_target_makes_the_layers_that_it_needs(clone, target, files):
    assert planned(clone, target) == files


def test_the_tests_have_spark_where_there_is_java(clone):
    assert planned(clone, "test", "JAVA=") == DEV
    assert planned(clone, "test", "JAVA=/usr/bin/java") == [*DEV, "requirements-spark.txt"]


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        ("requirements.txt", DEV),
        ("requirements-rehearse.txt", DEV[1:]),
        ("requirements-dev.txt", DEV[2:]),
        ("requirements-scoring.txt", []),
    ],
)
def test_a_layer_is_made_anew_when_its_file_or_one_below_it_changed(clone, changed, files):
    (clone / ".venv").mkdir()
    for age, stamp in enumerate((".plain", ".rehearse", ".dev")):
        (clone / ".venv" / stamp).touch()
        os.utime(clone / ".venv" / stamp, (later := 4e9 + age, later))
    os.utime(clone / changed, (5e9, 5e9))
    assert planned(clone, "lint") == files
