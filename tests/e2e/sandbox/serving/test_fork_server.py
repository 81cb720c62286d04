"""The fork server ends, hangs, or cannot be started: what serves goes on, and what is deployed is served."""

from __future__ import annotations

import os
import signal

import psutil


def spawned(router) -> list[str]:
    """The directories of the model servers that were not forked."""
    servers = router.model_servers().items()
    return [name for name, pid in servers if "sandbox.serving.scoring" in psutil.Process(pid).cmdline()]


def end_fork_server(router, until, alive) -> int:
    """Kill it without its leave; returns what its process id was."""
    pid = router.fork_server()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid), "it is dead", 5)
    return pid


def test_what_was_forked_outlives_it_and_its_own_end_is_still_told(router, entity, until, alive):
    assert router.fork_server() is None, "what serves no model needs none"
    router.deploy(entity("v2"))
    [server] = router.model_servers().values()
    first = end_fork_server(router, until, alive)
    assert router.ask().json() == {"predictions": [2]}
    assert list(router.model_servers().values()) == [server]
    os.kill(server, signal.SIGSEGV)
    until(lambda: router.document()["state"]["ready"] == "NOT_READY", "the death is noticed", 5)
    [served] = router.document()["config"]["served_entities"]
    assert "SIGSEGV" in served["state"]["deployment_state_message"]
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    assert router.fork_server() not in (first, None), "another one was started for it"
    assert spawned(router) == []


def test_one_that_hangs_is_not_waited_for(router, entity, until, alive):
    router.deploy(entity("v2"))
    hanging = router.fork_server()
    os.kill(hanging, signal.SIGSTOP)
    document = router.deploy(entity("v2"), entity("v1"), routes={"chain-v2": 0, "chain-v1": 100})
    assert document["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    assert spawned(router) == ["m2"]
    assert router.ask().json() == {"predictions": [1]}
    assert not alive(hanging)
    assert "The fork server did not answer" in (router.home.logs / "router.log").read_text()


def test_without_one_model_servers_are_started_one_by_one(router, entity):
    (router.home.logs / "fork-server.log").mkdir()
    assert router.deploy(entity("v2"))["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    assert (router.fork_server(), spawned(router)) == (None, ["m1"])
    assert "fork-server.log" in (router.home.logs / "router.log").read_text()


def test_no_process_stays_when_it_hangs_while_the_router_is_killed(router, entity, until, holders):
    router.deploy(entity("v2"))
    runtime = router.runtime
    os.kill(router.fork_server(), signal.SIGSTOP)
    router.kill()
    until(lambda: holders(runtime) == [], "nothing is left of it", 10)


def test_what_a_model_leaves_behind_is_reaped_and_nothing_stays_when_it_is_killed_before_the_router(
    router, entity, until, holders, alive
):
    router.deploy(entity("v1"))
    [left] = [pid for pid in router.grandchildren() if psutil.Process(pid).name() == "sleep"]
    os.kill(*router.model_servers().values(), signal.SIGKILL)
    until(lambda: not psutil.pid_exists(left), "it is killed with the server, and no zombie either", 10)
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    runtime, grandchildren = router.runtime, router.grandchildren()
    end_fork_server(router, until, alive)
    router.kill()
    until(lambda: holders(runtime) == [], "nothing is left of it", 10)
    until(lambda: not any(map(alive, grandchildren)), "nor of what the model has started", 10)
