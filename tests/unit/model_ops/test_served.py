"""What *served* means, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_ops.served import Canary, Expected, judge, prove

MODEL = "prod.bots.chatbot"
PIN = Expected(endpoint="bot", model=MODEL, version=7)


def entity(version: int, deployment: str = "DEPLOYMENT_READY", message: str = "") -> dict[str, Any]:
    state = {"deployment": deployment, "deployment_state_message": message}
    return {"name": f"bot-v{version}", "entity_name": MODEL, "entity_version": str(version), "state": state}


def endpoint(
    traffic: dict[int, int], *, ready: str = "READY", update: str = "NOT_UPDATING", **more: Any
) -> dict[str, Any]:
    routes = [{"served_model_name": f"bot-v{v}", "traffic_percentage": share} for v, share in traffic.items()]
    config = {"served_entities": [entity(version) for version in traffic], "traffic_config": {"routes": routes}}
    return {"state": {"ready": ready, "config_update": update}, "config": config, **more}


def test_a_pin_with_all_the_traffic_is_served() -> None:
    verdict = judge(endpoint({7: 100}), PIN)

    assert verdict.served
    assert verdict.reasons == ()
    assert verdict.serving == "version 7"


def test_an_endpoint_that_does_not_exist_serves_nothing_for_good() -> None:
    verdict = judge(None, PIN)

    assert (verdict.served, verdict.final, verdict.serving) == (False, True, "nothing")
    assert verdict.reasons == ("endpoint bot does not exist",)


def test_not_updating_alone_is_not_served() -> None:
    verdict = judge(endpoint({6: 100}), PIN)

    assert not verdict.served
    assert verdict.final
    assert verdict.serving == "version 6"
    assert "version 7 is not in the active config" in verdict.reasons
    assert "version 6 gets 100 % of the traffic, but is not pinned" in verdict.reasons


def test_an_update_that_goes_on_is_not_served_yet_but_may_be() -> None:
    verdict = judge(endpoint({6: 100}, update="IN_PROGRESS"), PIN)

    assert (verdict.served, verdict.final) == (False, False)
    assert "its config update is IN_PROGRESS, not NOT_UPDATING" in verdict.reasons


@pytest.mark.parametrize("update", ["UPDATE_FAILED", "UPDATE_CANCELED"])
def test_an_update_that_ended_badly_is_final_and_says_why(update: str) -> None:
    pending = {"served_entities": [entity(7, "DEPLOYMENT_FAILED", "ModuleNotFoundError: nowhere")]}
    verdict = judge(endpoint({6: 100}, update=update, pending_config=pending), PIN)

    assert (verdict.served, verdict.final) == (False, True)
    assert "bot-v7 failed: ModuleNotFoundError: nowhere" in verdict.reasons


def test_a_pending_config_speaks_only_once_the_update_has_ended() -> None:
    pending = {"served_entities": [entity(7, "DEPLOYMENT_FAILED", "from an earlier try")]}

    assert "earlier try" not in str(judge(endpoint({7: 100}, pending_config=pending), PIN).reasons)


def test_a_pin_that_recovers_is_not_served_yet_but_may_be() -> None:
    found = endpoint({7: 100}, ready="NOT_READY")
    found["config"]["served_entities"] = [entity(7, "DEPLOYMENT_RECOVERING", "restarting")]

    verdict = judge(found, PIN)

    assert (verdict.served, verdict.final) == (False, False)
    assert verdict.reasons == ("it is NOT_READY, not READY", "version 7 is DEPLOYMENT_RECOVERING: restarting")


def test_a_dead_entity_with_nothing_on_its_way_is_final() -> None:
    found = endpoint({7: 100})
    found["config"]["served_entities"] = [entity(7, "DEPLOYMENT_FAILED")]

    assert judge(found, PIN).final
    assert judge(found, PIN).reasons == ("version 7 is DEPLOYMENT_FAILED: no message",)


def test_a_canary_and_warm_versions_get_what_the_stack_says() -> None:
    expected = Expected(endpoint="bot", model=MODEL, version=7, canary=Canary(version=8, percent=10), warm=(6, 7))

    assert expected.traffic == {6: 0, 7: 90, 8: 10}
    verdict = judge(endpoint({6: 0, 7: 90, 8: 10}), expected)
    assert verdict.served
    assert verdict.serving == "version 7 (90 %), version 8 (10 %)"


@pytest.mark.parametrize("traffic", [{7: 100, 8: 0}, {7: 50, 8: 50}, {7: 90, 8: 10, 9: 0, 5: 0}])
def test_other_shares_than_the_stack_says_are_not_served(traffic: dict[int, int]) -> None:
    expected = Expected(endpoint="bot", model=MODEL, version=7, canary=Canary(version=8, percent=10), warm=(6,))

    assert not judge(endpoint(traffic), expected).served


def test_a_lone_entity_without_routes_has_all_the_traffic() -> None:
    found = endpoint({7: 100})
    del found["config"]["traffic_config"]

    assert judge(found, PIN).served


def test_a_route_may_name_its_entity_either_way_and_leave_its_share_out() -> None:
    found = endpoint({7: 100, 6: 0})
    found["config"]["traffic_config"]["routes"] = [
        {"served_entity_name": "bot-v7", "traffic_percentage": 100},
        {"served_entity_name": "bot-v6", "traffic_percentage": None},
    ]

    assert judge(found, Expected(endpoint="bot", model=MODEL, version=7, warm=(6,))).served


def test_another_models_version_of_the_same_number_does_not_count() -> None:
    found = endpoint({7: 100})
    found["config"]["served_entities"][0]["entity_name"] = "prod.bots.other"

    verdict = judge(found, PIN)

    assert not verdict.served
    assert verdict.serving == "nothing"


@pytest.mark.parametrize("found", [{}, {"state": None, "config": None}, {"config": {"served_entities": None}}])
def test_an_endpoint_that_says_little_is_not_served(found: dict[str, Any]) -> None:
    assert not judge(found, PIN).served


@settings(deadline=None)
@given(version=st.integers(min_value=1, max_value=50), pinned=st.integers(min_value=1, max_value=50))
def test_a_version_is_served_only_if_it_is_the_pinned_one(version: int, pinned: int) -> None:
    expected = Expected(endpoint="bot", model=MODEL, version=pinned)

    assert judge(endpoint({version: 100}), expected).served is (version == pinned)


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_the_proof_asks_until_the_pin_serves() -> None:
    time, answers = FakeTime(), [endpoint({6: 100}, update="IN_PROGRESS")] * 3 + [endpoint({7: 100})]

    verdict = prove(lambda: answers.pop(0), PIN, timeout=60, interval=5, clock=time.clock, sleep=time.sleep)

    assert verdict.served
    assert time.now == 15


def test_the_proof_does_not_wait_for_what_cannot_come() -> None:
    time = FakeTime()

    verdict = prove(lambda: endpoint({6: 100}), PIN, timeout=60, clock=time.clock, sleep=time.sleep)

    assert not verdict.served
    assert time.now == 0


def test_the_proof_asks_a_last_time_when_the_time_is_up_and_then_gives_up() -> None:
    time, asked = FakeTime(), []

    def ask() -> dict[str, Any]:
        asked.append(time.now)
        return endpoint({6: 100}, update="IN_PROGRESS")

    verdict = prove(ask, PIN, timeout=5, interval=2, clock=time.clock, sleep=time.sleep)

    assert (verdict.served, verdict.final) == (False, False)
    assert asked == [0, 2, 4, 5]
