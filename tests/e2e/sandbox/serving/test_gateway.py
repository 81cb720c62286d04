"""Gateways in the router alone: what they hold across a change, a stop and a start, and what they write."""

from __future__ import annotations

import pandas


def put_gateway(router, **asked) -> None:
    with router.control() as control:
        control.put("/gateways/chat", json=asked).raise_for_status()


def test_a_gateway_holds_from_the_first_request_after_a_start_and_a_stop_writes_what_is_left(
    router, entity, until, tmp_path
):
    table = tmp_path / "table"
    table.mkdir()
    router.deploy(entity("v1", id="e1"))
    put_gateway(router, table=str(table), requester="me", limits=[{"key": "user", "calls": 2}])
    answers = [router.ask(question) for question in ("one", "two", "three")]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert router.stop() == 0
    rows = pandas.read_parquet(table).sort_values("request_time")
    assert list(rows["response"]) == [answer.text for answer in answers[:2]]
    assert list(rows["databricks_request_id"]) == [answer.headers["x-request-id"] for answer in answers[:2]]
    assert set(rows["served_entity_id"]) == {"e1"}
    assert set(rows["requester"]) == {"me"}
    router.start()
    until(lambda: router.document()["state"]["ready"] == "READY", "it serves again")
    assert [router.ask().status_code for _ in range(3)] == [200, 200, 429]


def test_what_is_no_gateway_changes_nothing(shared_router, entity):
    router = shared_router
    router.deploy(entity("v1"))
    put_gateway(router, limits=[{"key": "user", "calls": 0}])
    with router.control() as control:
        refused = control.put("/gateways/chat", json={"limits": [{"key": "nobody"}]})
        assert control.put("/gateways", json=[]).status_code == 400
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert router.ask().status_code == 429
    put_gateway(router)
    assert router.ask().status_code == 200


def test_a_table_that_is_gone_costs_no_answer(shared_router, entity, until, tmp_path):
    router = shared_router
    router.deploy(entity("v1"))
    put_gateway(router, table=str(tmp_path / "nowhere"))
    assert router.ask().status_code == 200
    log = router.home.logs / "router.log"
    until(lambda: "lost to the payload table" in log.read_text(), "the log says so", 30)
    assert router.ask().status_code == 200
