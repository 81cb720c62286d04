"""Rollouts: what is served while configs change, fail, and are refused."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor


class Load:
    """Four clients that ask until told to stop, and what each of their requests was answered."""

    def __init__(self, router) -> None:
        self.answers: list[tuple[int, str, str]] = []
        self._router, self._over = router, threading.Event()
        self._pool = ThreadPoolExecutor(4)

    def __enter__(self):
        self._clients = [self._pool.submit(self._ask) for _ in range(4)]
        return self

    def __exit__(self, *_):
        self._over.set()
        for client in self._clients:
            client.result(timeout=30)
        self._pool.shutdown()

    def _ask(self) -> None:
        body = {"dataframe_records": [{"question": "which version?"}]}
        with self._router.client() as client:
            while not self._over.is_set():
                response = client.post("/serving-endpoints/chat/invocations", json=body)
                name = response.headers.get("served-model-name", "")
                self.answers.append((response.status_code, name, str(response.json().get("predictions"))))


def test_no_request_is_lost_when_the_version_changes_under_load(router, entity, until):
    router.deploy(entity("v1"))
    with Load(router) as load:
        until(lambda: len(load.answers) > 50, "the old version is under load")
        router.deploy(entity("v2"))
        switched = len(load.answers)
        until(lambda: len(load.answers) > switched + 50, "the new version is under load")
    assert set(load.answers) == {(200, "chain-v1", "[1]"), (200, "chain-v2", "[2]")}
    after = {name for _, name, _ in load.answers[switched + 4 :]}
    assert after == {"chain-v2"}, "the four requests under way at the switch may be the old version's, no later one"
    until(lambda: len(router.model_servers()) == 1, "the old version has stopped")


def test_a_version_that_fails_to_load_leaves_the_old_one_serving(router, entity, until):
    before = router.deploy(entity("v1"))
    document = router.deploy(entity("failing"))
    assert document["state"] == {"ready": "READY", "config_update": "UPDATE_FAILED"}
    assert document["config"] == before["config"]
    [failed] = document["pending_config"]["served_entities"]
    assert failed["state"]["deployment"] == "DEPLOYMENT_FAILED"
    assert failed["state"]["deployment_state_message"].endswith("FileNotFoundError: no index at /nowhere")
    assert router.ask().json() == {"predictions": [1]}
    until(lambda: len(router.model_servers()) == 1, "only the old version runs")
    assert router.deploy(entity("v1"))["pending_config"] is None


def test_an_endpoint_whose_first_version_fails_serves_nothing(router, entity):
    document = router.deploy(entity("failing"))
    assert document["state"] == {"ready": "NOT_READY", "config_update": "UPDATE_FAILED"}
    assert document["config"] is None
    response = router.ask()
    assert (response.status_code, response.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
    with router.control() as control:
        log = control.get("/deployments/chat/logs/chain-failing").json()["logs"]
    assert "Traceback" in log


def test_a_second_update_is_refused_while_one_runs(router, entity):
    assert router.put(entity("v1")).json()["state"]["config_update"] == "IN_PROGRESS"
    refused = router.put(entity("v2"))
    assert (refused.status_code, refused.json()["error_code"]) == (409, "RESOURCE_CONFLICT")
    [pending] = router.document()["pending_config"]["served_entities"]
    assert pending["name"] == "chain-v1"


def test_a_standby_flip_starts_no_process(router, entity):
    both = (entity("v1"), entity("v2"))
    router.deploy(*both, routes={"chain-v1": 100, "chain-v2": 0})
    servers = router.model_servers()
    assert router.ask().headers["served-model-name"] == "chain-v1"
    standby = router.ask(path="/serving-endpoints/chat/served-models/chain-v2/invocations")
    assert standby.json() == {"predictions": [2]}
    document = router.deploy(*both, routes={"chain-v1": 0, "chain-v2": 100})
    assert document["config"]["config_version"] == 2
    assert router.ask().headers["served-model-name"] == "chain-v2"
    assert router.model_servers() == servers


def test_a_request_in_hand_is_answered_by_the_version_that_took_it(router, entity, until):
    both = (entity("v1"), entity("v2"))
    router.deploy(*both, routes={"chain-v1": 100, "chain-v2": 0})
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(router.ask, "hold")
        until((router.runtime / "m1" / "held").exists, "the old version has it in hand")
        router.deploy(entity("v2"))
        assert router.ask().json() == {"predictions": [2]}
        assert not held.done()
        (router.runtime / "m1" / "go").touch()
        assert held.result(timeout=30).json() == {"predictions": [1]}
    until(lambda: len(router.model_servers()) == 1, "the old version has stopped")


def test_a_model_server_that_is_killed_recovers(router, entity, until):
    router.deploy(entity("v2"))
    [pid] = router.model_servers().values()
    os.kill(pid, signal.SIGKILL)
    until(lambda: router.document()["state"]["ready"] == "NOT_READY", "the death is noticed", 5)
    [served] = router.document()["config"]["served_entities"]
    assert served["state"]["deployment"] == "DEPLOYMENT_RECOVERING"
    assert "SIGKILL" in served["state"]["deployment_state_message"]
    response = router.ask()
    assert (response.status_code, response.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert response.headers["retry-after"].isdigit()
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    assert router.ask().json() == {"predictions": [2]}
    assert router.document()["state"]["config_update"] == "NOT_UPDATING"


def test_a_models_environment_holds_nothing_of_the_workspaces(router, entity):
    router.deploy(entity("v2", environment_vars={"INDEX": "/data/index"}))
    [environment] = router.ask("environment").json()["predictions"]
    assert environment["INDEX"] == "/data/index"
    foreign = [name for name in environment if name.startswith(("DATABRICKS_", "MLFLOW_TRACKING", "PULUMI_"))]
    assert foreign == []
    assert "PYTHONPATH" not in environment
    assert router.home.token not in str(environment)
    assert environment["cwd"].startswith(str(router.runtime))


def test_a_deleted_endpoint_is_gone_with_its_processes(router, entity, until):
    router.deploy(entity("v2"))
    with router.control() as control:
        assert control.delete("/deployments/chat").json() == {}
        assert control.delete("/deployments/chat").status_code == 404
        assert control.get("/deployments").json() == {"deployments": {}}
    response = router.ask()
    assert (response.status_code, response.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    until(lambda: not router.model_servers(), "its model server has stopped")
    assert list(router.home.deployments.iterdir()) == []
