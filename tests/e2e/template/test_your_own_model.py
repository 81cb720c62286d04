"""The guide `docs/your-own-model.md`, typed from first to last in a fresh clone of Rollpin."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import excerpt
from tests.e2e.template import rollpin

PAGE = "your-own-model.md"
SIGNED = """\
        signature=infer_signature(customers, model.predict(customers)),
        input_example=customers.head(1),
"""
REGISTERED = 3
"""Blocks of commands until the first version is registered."""


def typed(directory: Path, commands: list[str]) -> str:
    """Type blocks into one shell, as one's exports are for those after it; give words and data as a terminal does."""
    return rollpin.run(directory, "".join(["exec 2>&1\n", *commands]))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = rollpin.clone(tmp_path_factory.mktemp("clone") / "models")
    rollpin.run(directory, "git remote add origin https://rollpin.invalid")
    try:
        yield directory
    finally:
        rollpin.attempt(directory, "make down")


@pytest.mark.timeout(1200)
def test_every_command_of_the_guide_works_and_ends_where_it_says(place: Path) -> None:
    (script,) = rollpin.blocks(PAGE, "python")
    commands = rollpin.blocks(PAGE)
    (place / "train_churn.py").write_text(script)

    said = typed(place, commands[:REGISTERED])
    exports = "\n".join(line for line in commands[REGISTERED - 1].splitlines() if line.startswith("export "))
    refused = unsigned(place, exports, script)
    said += typed(place, [exports, "\n", *commands[REGISTERED:-1]])

    assert "churn: version 1 serves on endpoint churn, as pinned" in said
    assert "churn: version 2 serves on endpoint churn, as pinned" in said
    assert said.rindex("version 1 serves") > said.rindex("version 2 serves")
    unheard, *answers = rollpin.blocks(PAGE, "text")
    assert unheard.strip() in refused
    assert [excerpt.fits(f"…\n{answer}…\n", said) for answer in answers] == [True, True]


def test_the_script_passes_the_lint_of_the_repository_that_it_is_committed_to(tmp_path: Path) -> None:
    (script := tmp_path / "train_churn.py").write_text(rollpin.blocks(PAGE, "python")[0])

    for words in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--no-cache", "--config", rollpin.SOURCE / "pyproject.toml"]
        done = subprocess.run([*command, script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def unsigned(place: Path, exports: str, script: str) -> str:
    """What MLflow says where the signature is left out; no version comes of it."""
    assert script.count(SIGNED) == 1
    (place / "unsigned.py").write_text(script.replace(SIGNED, ""))
    done = rollpin.attempt(place, f"{exports}\n.venv/bin/python unsigned.py 1.0; rm unsigned.py")
    (place / "unsigned.py").unlink(missing_ok=True)
    assert done.returncode != 0
    return done.stderr
