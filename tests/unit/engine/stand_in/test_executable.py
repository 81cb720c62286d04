"""The script that the engine runs in place of the released plugin, and what it says."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from engine.stand_in import announcement, executable


def test_the_script_is_one_that_the_engine_can_run_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "sandbox").mkdir(parents=True)
    script = executable.install(tmp_path / "on path's")
    assert script.name == "pulumi-resource-databricks"
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    environment = {"PATH": os.environ["PATH"]}
    elsewhere = tmp_path / "elsewhere"
    done = subprocess.run([script, "--help"], cwd=elsewhere, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"engine" in done.stdout


def test_installing_twice_is_as_good_as_once(tmp_path: Path) -> None:
    assert executable.install(tmp_path).read_text() == executable.install(tmp_path).read_text()


def test_a_run_is_told_once_that_this_is_a_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(announcement.MARK, str(tmp_path / "mark"))
    assert [announcement.first_of_run(run) for run in ("1", "1", "2", "2")] == [True, False, True, False]
