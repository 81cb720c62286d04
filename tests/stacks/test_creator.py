"""Who creates an endpoint of a protected stack: a service principal, whose identity it keeps for ever."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from infra.proof.workspace_api import UnansweredError
from tests.stacks.churn import Churn, endpoint, entity

ME = "/api/2.0/preview/scim/v2/Me"
ANN = {"userName": "ann@example.com"}
PRINCIPAL = {"userName": "11111111-1111-1111-1111-111111111111"}
PIN = "servedVersion: 2"


def test_a_person_is_refused_by_name_before_anything_is_made(churn: Churn) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        churn(PIN, **{ME: ANN})

    said = str(refusal.value)
    assert "No resource was touched" in said
    assert "ann@example.com, a person, about to create churn" in said
    assert "allowed: a service principal" in said
    assert "the workflow `deploy`" in said
    assert "make up STACK=dev" in said


@pytest.mark.parametrize("caller", [PRINCIPAL, UnansweredError("it may not be asked")])
def test_a_service_principal_creates_it_and_whoever_cannot_be_told(churn: Churn, caller: Any) -> None:
    assert churn(PIN, **{ME: caller}).one("ModelServing").inputs["name"] == "churn"


def test_a_person_may_change_an_endpoint_that_is_there(churn: Churn) -> None:
    made = churn(PIN, endpoint(entity(1)), **{ME: ANN})

    assert made.one("ModelServing")
    assert not [path for path in made.asked if path.endswith(ME)]


def test_a_person_may_not_replace_one_either(churn: Churn) -> None:
    with pytest.raises(pulumi.RunError, match=r"ann@example\.com, a person, about to create churn"):
        churn(f"{PIN}, endpoint: {{routeOptimized: true, replace: true}}", endpoint(entity(2)), **{ME: ANN})


def test_a_person_may_make_all_but_the_endpoint(churn: Churn) -> None:
    assert churn("createModel: true", **{ME: ANN}).of("ModelServing") == []


def test_a_stack_that_is_not_protected_asks_nobody_who_they_are(churn: Churn) -> None:
    made = churn(PIN, protect=False, **{ME: ANN})

    assert made.one("ModelServing")
    assert not [path for path in made.asked if path.endswith(ME)]


def test_a_sandbox_has_a_person_for_its_only_user(churn: Churn) -> None:
    assert churn(PIN, host="http://127.0.0.1:5000", **{ME: {"userName": "admin@sandbox.local"}}).one("ModelServing")


def leave(until: str) -> str:
    return f'rollpin:policy: {{personCreates: {{until: "{until}", because: the pilot has none yet}}}}'


def test_a_leave_lets_a_person_create_it_and_says_so(churn: Churn, caplog) -> None:
    made = churn(PIN, more=leave("2999-12-31"), **{ME: ANN})

    assert made.one("ModelServing")
    assert "Pulumi.dev.yaml allows it until 2999-12-31: the pilot has none yet" in caplog.text


def test_a_leave_that_has_ended_lets_nobody(churn: Churn) -> None:
    with pytest.raises(pulumi.RunError, match=r"the leave in Pulumi\.dev\.yaml ended on 2026-01-31"):
        churn(PIN, more=leave("2026-01-31"), **{ME: ANN})


def test_a_preview_warns_a_person_for_a_workflow_may_be_going_to_create_it(churn: Churn, monkeypatch, caplog) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)

    churn(PIN, **{ME: ANN})

    assert "ann@example.com, a person, about to create churn" in caplog.text
