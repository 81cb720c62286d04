"""The proof after an `up` says in one line that the pin serves, or gives every reason why it does not."""

from typing import Any

import pytest

from model_ops.proving.verify import verify
from model_ops.target import Target, TargetModel


def model(pinned: int | None) -> TargetModel:
    return TargetModel(
        name="chatbot",
        full_name="prod.rag.chatbot",
        endpoint_name="bot",
        endpoint_url=None,
        pinned_version=pinned,
        warm_versions=(),
        canary=None,
        run_id=None,
        experiment_name="/Shared/x",
    )


def endpoint(version: int, update: str = "NOT_UPDATING") -> dict[str, Any]:
    entity = {
        "name": f"chatbot-v{version}",
        "entity_name": "prod.rag.chatbot",
        "entity_version": str(version),
        "state": {"deployment": "DEPLOYMENT_READY"},
    }
    routes = [{"served_model_name": f"chatbot-v{version}", "traffic_percentage": 100}]
    config = {"served_entities": [entity], "traffic_config": {"routes": routes}}
    return {"state": {"ready": "READY", "config_update": update}, "config": config}


def target(pinned: int | None) -> Target:
    return Target(stack="prod", workspace_url="https://w", models={"chatbot": model(pinned)})


def test_a_pin_that_serves_is_proven_in_one_line() -> None:
    (proof,) = verify(target(7), lambda _: endpoint(7))
    assert proof.held
    assert str(proof) == "chatbot: version 7 serves on endpoint bot, as pinned"


def test_the_old_pin_is_proven_again_after_a_rollout_that_failed_and_changed_nothing() -> None:
    (proof,) = verify(target(7), lambda _: endpoint(7, "UPDATE_FAILED"))
    assert proof.held
    assert "version 7 serves" in str(proof)
    assert "its last config update is UPDATE_FAILED and changed nothing" in str(proof)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (endpoint(6), "serves version 6:\n  - version 7 is not in the active config"),
        (endpoint(7, "IN_PROGRESS"), "its config update is IN_PROGRESS"),
        (endpoint(6, "UPDATE_FAILED"), "its last config update is UPDATE_FAILED"),
        (None, "serves nothing:\n  - endpoint bot does not exist"),
    ],
)
def test_a_pin_that_does_not_serve_is_refuted_with_the_reasons(answer: dict[str, Any] | None, reason: str) -> None:
    (proof,) = verify(target(7), lambda _: answer)
    assert not proof.held
    assert reason in str(proof)


def test_a_model_without_a_pin_is_not_asked_for() -> None:
    asked: list[str] = []
    (proof,) = verify(target(None), asked.append)
    assert proof.held
    assert asked == []
