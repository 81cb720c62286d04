"""The commands that load a model, where only the plain requirements are installed."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.model_ops.workplace import Workplace

INSTALL = "-m pip install --require-hashes -r "


def run(python: Path, place: Workplace, *words: str) -> subprocess.CompletedProcess[str]:
    command = [python, "-m", "model_ops.cli", *words, "--project", place.directory]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def test_check_tells_all_else_and_says_what_to_install(plain_python: Path, serving: Workplace) -> None:
    done = run(plain_python, serving, "check", "--stack", "local")
    unknown, mend = (line for line in done.stdout.splitlines() if "loads: " in line or "mend: " in line)
    assert unknown.startswith("  unknown   loads: it was not loaded, for this is not installed here: azure-storage-")
    assert f"{plain_python} {INSTALL}" in mend
    assert [f"  passed    {name}: " in done.stdout for name in ("signature", "compatible", "artifacts")] == [True] * 3
    assert (done.returncode, "It may be served." in done.stdout) == (1, False)


@pytest.mark.parametrize("words", [["pin", "1"], ["rollback"]])
def test_no_pin_is_moved_to_a_version_that_was_to_be_loaded_and_was_not(
    plain_python: Path, serving: Workplace, words: list[str]
) -> None:
    before = serving.file.read_bytes()
    done = run(plain_python, serving, *words, "--stack", "local", "--yes")
    assert (done.returncode, "Not made: loads." in done.stderr) == (1, True)
    assert serving.file.read_bytes() == before


@pytest.mark.parametrize("way", [["--no-load"], ["--accept", "loads"]])
def test_a_pin_is_moved_when_that_is_what_was_said(plain_python: Path, serving: Workplace, way: list[str]) -> None:
    done = run(plain_python, serving, "pin", "1", "--stack", "local", "--yes", *way)
    assert (done.returncode, "is changed." in done.stderr) == (0, True)
    assert serving.pinned() == 1


def test_score_says_which_extra_to_install_and_writes_nothing(
    plain_python: Path, serving: Workplace, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("question\nWhat?\n")
    for more, extra in ([], "scoring"), (["--spark"], "spark"):
        words = ["score", str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), "--stack", "local", *more]
        done = run(plain_python, serving, *words)
        assert done.returncode == 1
        assert f" needs the extra `{extra}`, of which this is not installed: " in done.stderr
        assert f"requirements-{extra}.txt" in done.stderr
    assert not (tmp_path / "out.csv").exists()
