"""`make demo` as a user runs it: it exits 0, its findings have the promised shape, and it leaves nothing behind."""

import json

import pytest

from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.rehearsal.conftest import Demo


@pytest.mark.timeout(600)
def test_the_demo_holds_all_that_it_promises_and_leaves_nothing_behind(demo: Demo) -> None:
    assert demo.code == 0, demo.printed[-4000:] + demo.words[-4000:]
    found = json.loads((demo.home / "demo.json").read_text())
    assert found["rollback"]["changes"]["update"] == 1
    assert (found["rollback"]["served"], found["rollforward"]["served"]) == (6, 7)
    assert found["failed_rollout"]["served_after"] == 6
    assert found["indexed"]["served"] == 8
    assert found["indexed"]["changes"]["create"] == 1, "the grant on its index"
    assert Home(demo.home / "demo").token not in (demo.printed + demo.words + (demo.home / "demo.json").read_text())
    assert found["load"]["failed"] == 0
    assert "Traceback" not in demo.printed + demo.words
    assert lifecycle.running(Home(demo.home / "demo")) is None
