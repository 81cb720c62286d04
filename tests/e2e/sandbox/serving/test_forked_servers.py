"""A model server that was forked is what its command would have started."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import psutil
import pytest

FORKED, OTHER, SPAWNED = "chain-v2", "chain-other", "chain-own"


@pytest.fixture(scope="module")
def servers(shared_router, entity):
    """Two servers that were forked and one that was not, by name."""
    own = entity("v2", name=SPAWNED, environment_vars={"INDEX": "/data/index", "OMP_NUM_THREADS": "1"})
    entities = (entity("v2"), entity("v2", name=OTHER), own)
    document = shared_router.deploy(*entities, routes={FORKED: 100, OTHER: 0, SPAWNED: 0})
    assert document["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    by_directory = shared_router.model_servers()
    return {name: by_directory[f"m{number}"] for number, name in enumerate((FORKED, OTHER, SPAWNED), 1)}


@pytest.fixture(scope="module")
def tell(shared_router, servers):
    def ask(name: str, question: str):
        path = f"/serving-endpoints/chat/served-models/{name}/invocations"
        [answer] = shared_router.ask(question, path).raise_for_status().json()["predictions"]
        return answer

    return ask


def module(pid: int) -> str:
    arguments = psutil.Process(pid).cmdline()
    return arguments[arguments.index("-m") + 1]


def held(pid: int) -> dict[int, str]:
    return {int(link.name): str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}


def kinds(pid: int) -> Counter[str]:
    """How many sockets, log files and so on it holds."""
    return Counter(Path(target.partition(":[")[0]).suffix or target.partition(":[")[0] for target in held(pid).values())


def test_one_without_variables_of_its_own_is_forked(servers):
    assert module(servers[FORKED]) == module(servers[OTHER]) == "sandbox.serving.forking"
    assert module(servers[SPAWNED]) == "sandbox.serving.scoring"


def test_each_is_the_routers_own_child_and_the_head_of_a_session(shared_router, servers):
    for pid in servers.values():
        assert psutil.Process(pid).ppid() == shared_router.process.pid
        assert (os.getsid(pid), os.getpgid(pid)) == (pid, pid)
    children = psutil.Process(shared_router.process.pid).children()
    assert [child for child in children if child.status() == psutil.STATUS_ZOMBIE] == []
    assert len(children) == 5, "the API, the fork server, and three model servers"


def test_each_is_named_for_what_it_serves(servers, shared_router):
    names = {Path(f"/proc/{pid}/comm").read_text().strip() for pid in servers.values()}
    assert names == {FORKED, OTHER, SPAWNED}
    assert Path(f"/proc/{shared_router.fork_server()}/comm").read_text() == "fork server\n"


def test_its_environment_is_that_of_one_that_was_started_but_for_the_others_own(tell):
    forked, started = tell(FORKED, "environment"), tell(SPAWNED, "environment")
    assert (started.pop("INDEX"), started.pop("OMP_NUM_THREADS")) == ("/data/index", "1")
    assert [forked.pop("OMP_NUM_THREADS", None)] == [os.environ.get("OMP_NUM_THREADS")]
    assert Path(forked.pop("cwd")).parent == Path(started.pop("cwd")).parent
    assert forked == started


def test_its_interpreter_is_as_that_of_one_that_was_started(tell):
    forked, started = tell(FORKED, "process"), tell(SPAWNED, "process")
    assert forked.pop("argv")[2] == FORKED
    assert started.pop("argv")[2] == SPAWNED
    assert forked == started


def test_it_holds_what_one_that_was_started_holds_and_nothing_of_another(servers, shared_router):
    assert kinds(servers[FORKED]) == kinds(servers[OTHER]) == kinds(servers[SPAWNED])
    everybodys = {"/dev/null", "anon_inode:[eventpoll]", str(shared_router.runtime / "alive")}
    known = [*servers.values(), shared_router.fork_server(), shared_router.process.pid]
    for pid in servers.values():
        others = {target for other in known if other != pid for target in held(other).values()}
        # The router listens for it, so that no connection is refused while it starts again.
        shared = {target for target in held(pid).values() if target in others} - everybodys
        assert len(shared) == 1
        assert shared.pop().startswith("socket:")


def test_no_two_draw_the_same_random_numbers(tell):
    drawn = [number for name in (FORKED, OTHER, SPAWNED) for number in tell(name, "random")]
    assert len(set(drawn)) == 6


def test_it_computes_in_all_threads_as_if_it_had_not_been_forked(tell):
    assert tell(FORKED, "compute") == [600.0, 600, 600]
