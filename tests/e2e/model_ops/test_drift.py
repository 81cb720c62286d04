"""`drift`: each kind of change by hand, made by the official SDK, is found, put right by what is printed, and gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.catalog import PermissionsChange, Privilege
from databricks.sdk.service.serving import (
    AiGatewayRateLimit,
    AiGatewayRateLimitKey,
    AiGatewayRateLimitRenewalPeriod,
    EndpointTag,
    Route,
    ServedEntityInput,
    ServingEndpointAccessControlRequest,
    ServingEndpointPermissionLevel,
    TrafficConfig,
)

from tests.e2e.model_ops.workplace import FULL_NAME, MODEL, Workplace

ENDPOINT = "chatbot"
Change = Callable[[WorkspaceClient], Any]


def client(place: Workplace) -> WorkspaceClient:
    return WorkspaceClient(host=place.outputs["workspace_url"], token=place.home.token)


def entity(version: int, **more: Any) -> ServedEntityInput:
    name, size = f"by-hand-v{version}", {"workload_size": "Small", "scale_to_zero_enabled": False}
    return ServedEntityInput(name=name, entity_name=FULL_NAME, entity_version=str(version), **{**size, **more})


def serve(hand: WorkspaceClient, *entities: ServedEntityInput) -> None:
    hand.serving_endpoints.update_config_and_wait(ENDPOINT, served_entities=list(entities))


def permit(hand: WorkspaceClient) -> None:
    managers = ServingEndpointPermissionLevel.CAN_MANAGE
    entries = [ServingEndpointAccessControlRequest(group_name="chatbot-users", permission_level=managers)]
    hand.serving_endpoints.update_permissions(str(hand.serving_endpoints.get(ENDPOINT).id), access_control_list=entries)


def grant(hand: WorkspaceClient) -> None:
    change = PermissionsChange(principal="chatbot-users", add=[Privilege.EXECUTE])
    hand.grants.update("function", FULL_NAME, changes=[change])


def limit(hand: WorkspaceClient) -> None:
    minute, each = AiGatewayRateLimitRenewalPeriod.MINUTE, AiGatewayRateLimitKey.USER
    hand.serving_endpoints.put_ai_gateway(ENDPOINT, rate_limits=[AiGatewayRateLimit(minute, calls=5, key=each)])


BY_HAND: dict[str, tuple[Change, str]] = {
    "pin": (lambda hand: serve(hand, entity(1)), "version 2 version 1"),
    "tags": (lambda hand: hand.serving_endpoints.patch(ENDPOINT, add_tags=[EndpointTag("mine", "1")]), "not set 1"),
    "permissions": (permit, "CAN_QUERY CAN_MANAGE"),
    "grants": (grant, "nothing EXECUTE"),
    "existence": (lambda hand: hand.serving_endpoints.delete(ENDPOINT), "there gone"),
}
"""By kind, what puts it right being an `up`: the change, and what was deployed and is found."""


def kinds(place: Workplace) -> set[str]:
    return {each["kind"] for each in json.loads(place.run("drift", "--json").stdout)["differences"]}


def test_what_was_deployed_and_nobody_touched_is_no_drift(serving: Workplace) -> None:
    result = serving.run("drift")

    assert result.exit_code == 0
    assert "local: nothing was changed by hand; 14 things are as they were deployed" in result.stdout


@pytest.mark.parametrize("kind", BY_HAND)
def test_what_was_changed_by_hand_is_found_and_an_up_puts_it_right(serving: Workplace, kind: str) -> None:
    change, words = BY_HAND[kind]
    change(client(serving))
    result = serving.run("drift", "--fix")

    assert result.exit_code == 1
    assert words in " ".join(result.stdout.split())
    assert f"to put back what was deployed:\n  make -C {serving.directory} up STACK=local" in result.stdout
    assert serving.stack.run("up").error is None
    assert serving.run("drift").exit_code == 0


def test_what_no_line_of_the_file_says_is_put_back_once_one_does(serving: Workplace) -> None:
    hand = client(serving)
    serve(hand, entity(2, workload_size="Medium", scale_to_zero_enabled=True, environment_vars={"A": "s3cr3t"}))
    limit(hand)
    result = serving.run("drift", "--fix")

    assert "s3cr3t" not in result.output
    for key in ("workloadSize", "scaleToZero", "environment", "gateway.rateLimits"):
        assert f"  endpoint.{key} of {MODEL}: " in result.stdout
    said = ("workloadSize: Small", "scaleToZero: false", "environment: {}", "gateway: {rateLimits: []}")
    lines = "".join(f"        {each}\n" for each in said)
    text = serving.file.read_text()
    serving.file.write_text(text.replace("      endpoint:\n", f"      endpoint:\n{lines}"))
    try:
        assert serving.stack.run("up").error is None
        assert serving.run("drift").exit_code == 0
        now = hand.serving_endpoints.get(ENDPOINT).as_dict()
        assert now["config"]["served_entities"][0]["workload_size"] == "Small"
        assert not now["ai_gateway"].get("rate_limits")
    finally:  # A gateway that was declared once cannot be left out again: only a new endpoint has none.
        hand.serving_endpoints.delete(ENDPOINT)
        serving.file.write_text(text)
        assert serving.stack.run("up").error is None


def test_a_pin_that_is_merged_and_not_deployed_is_no_drift(serving: Workplace) -> None:
    serving.pin(1)

    assert serving.run("drift").exit_code == 0


def test_what_stands_beside_the_pin_by_hand_is_found(serving: Workplace) -> None:
    hand = client(serving)
    shares = {"by-hand-v2": 90, "by-hand-v1": 10}
    routes = [Route(served_model_name=name, traffic_percentage=share) for name, share in shares.items()]
    try:
        hand.serving_endpoints.update_config_and_wait(
            ENDPOINT, served_entities=[entity(2), entity(1)], traffic_config=TrafficConfig(routes=routes)
        )
        assert kinds(serving) == {"traffic"}
    finally:
        assert serving.stack.run("up").error is None
    assert serving.run("drift").exit_code == 0


def test_an_up_that_was_refused_hides_nothing(serving: Workplace) -> None:
    grant(client(serving))
    serving.pin(99, commit=False)
    assert serving.stack.run("up").error is not None
    result = serving.run("drift")

    assert (result.exit_code, "not seen" in result.stderr) == (1, False)
    assert "nothing EXECUTE" in " ".join(result.stdout.split())


def test_what_a_refresh_took_over_is_told_as_not_seen(serving: Workplace) -> None:
    grant(client(serving))
    assert serving.stack.run("refresh").error is None
    result = serving.run("drift")

    assert result.exit_code == 1
    assert f"not seen: grants on model {FULL_NAME}: the engine took over what was there at" in result.stderr
    assert serving.stack.run("up").error is None
    assert serving.run("drift").exit_code == 0


def test_a_model_that_the_stack_does_not_have_is_refused(serving: Workplace) -> None:
    result = serving.run("drift", "--model", "dbdemos_advanced_chatbot_modle")

    assert (result.exit_code, "has no model dbdemos_advanced_chatbot_modle" in result.stderr) == (1, True)
