"""`make demo` as a user runs it: it exits 0, its findings have the promised shape, and it leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import lifecycle
from sandbox.home import Home

SOURCE = Path(__file__).parents[3]


@pytest.mark.timeout(600)
def test_the_demo_holds_all_that_it_promises_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "rehearsal", "--home", str(home)]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, timeout=580, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    found = json.loads((home / "demo.json").read_text())
    assert found["rollback"]["changes"]["update"] == 1
    assert (found["rollback"]["served"], found["rollforward"]["served"]) == (6, 7)
    assert found["failed_rollout"]["served_after"] == 6
    assert found["indexed"]["served"] == 8
    assert found["indexed"]["changes"]["create"] == 1, "the grant on its index"
    assert Home(home / "demo").token not in (done.stdout + done.stderr + (home / "demo.json").read_text())
    assert found["load"]["failed"] == 0
    assert "Traceback" not in done.stdout + done.stderr
    assert lifecycle.running(Home(home / "demo")) is None
