"""Starting again: after a stop, and after everything was killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from sandbox import lifecycle
from sandbox.serving.instance import TakenError, claim


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The file without which a model that is told to wait for it does not load."""
    return tmp_path / "go"


def test_all_processes_die_with_the_router_and_the_next_one_serves_again(router, entity, until, holders, alive):
    router.deploy(entity("v1"))
    runtime, grandchildren = router.runtime, router.grandchildren()
    assert len(grandchildren) == 2, "what the model has started, and the watch"
    router.kill()
    until(lambda: holders(runtime) == [], "nothing is left of it", 10)
    until(lambda: not any(map(alive, grandchildren)), "nor of what the model has started", 10)
    assert lifecycle.running(router.home) is None
    port = router.home.port
    router.start()
    assert (router.home.port, runtime.exists()) == (port, False)
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    assert router.ask().json() == {"predictions": [1]}


def test_everything_killed_at_once_serves_again(router, entity, gate, until, holders):
    gate.touch()
    router.deploy(entity("v2", environment_vars={"WAIT_FOR": str(gate)}))
    gate.unlink()
    for pid in holders(router.runtime):
        os.kill(pid, signal.SIGKILL)
    router.process.wait()
    router.start()
    [served] = router.document()["config"]["served_entities"]
    assert served["state"]["deployment"] == "DEPLOYMENT_RECOVERING"
    gate.touch()
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    assert router.ask().headers["served-model-name"] == "chain-v2"


def test_an_update_that_was_cut_off_is_taken_up_again(router, entity, gate, until):
    router.deploy(entity("v1"))
    router.put(entity("v2", environment_vars={"WAIT_FOR": str(gate)}))
    router.kill()
    router.start()
    assert router.document()["state"]["config_update"] == "IN_PROGRESS"
    gate.touch()
    until(lambda: router.document()["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}, "it ends")
    assert router.ask().json() == {"predictions": [2]}


def test_a_failed_update_is_still_to_be_seen_after_a_restart(router, entity, until):
    failed = router.deploy(entity("failing"))
    assert router.stop() == 0
    router.start()
    assert router.document() == failed


def test_a_stop_leaves_no_process_and_no_socket(router, entity, holders, alive):
    router.deploy(entity("v1"))
    runtime, processes = router.runtime, holders(router.runtime) + router.grandchildren()
    assert len(processes) == 6, "router, API, fork server, model server, its watch, and what the model has started"
    assert router.stop() == 0
    assert [pid for pid in processes if alive(pid)] == []
    assert not runtime.exists()
    assert not router.home.runtime_file.exists()
    assert lifecycle.running(router.home) is None


def test_a_home_has_one_router_at_a_time(router):
    with pytest.raises(TakenError, match=f"in use by another router .process {router.process.pid}"):
        claim(router.home, patience=0.1)
    assert lifecycle.running(router.home) == router.process.pid
