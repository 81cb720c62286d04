"""Everybody whom a stack's file names is there, or the file is refused before anything is made."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from infra.proof.workspace_api import UnansweredError
from tests.stacks.churn import Churn, endpoint, entity
from tests.stacks.directory import ACCOUNT, GROUPS_THERE, WORKSPACE, asked, group, listed

APPLICATION = "11111111-1111-1111-1111-111111111111"
PIN = "servedVersion: 2"
ADMIN = {"userName": APPLICATION, "groups": [{"display": "admins"}]}
SEEN = {group("users"): listed("users"), GROUPS_THERE: listed("users", "churn-users")}


def test_a_group_that_is_misspelt_is_refused_with_the_one_that_is_there(churn: Churn) -> None:
    there = {**SEEN, group("churn-usres"): listed(), group("churn-usres", ACCOUNT): listed()}
    with pytest.raises(pulumi.RunError) as refusal:
        churn(f"{PIN}, access: {{query: [churn-usres]}}", endpoint(entity(1)), **there)

    said = str(refusal.value)
    assert "Pulumi.dev.yaml names who is not there. No resource was touched" in said
    assert "rollpin:models.churn.access.query" in said
    assert "`churn-usres`, a group that https://adb-1.1.azuredatabricks.net does not know" in said
    assert "write `churn-users` instead" in said


def test_a_group_of_the_account_alone_may_load_the_model_and_not_ask_the_endpoint(churn: Churn) -> None:
    there = {**SEEN, group("loaders"): listed(), group("loaders", ACCOUNT): listed("loaders")}

    assert churn(f"{PIN}, access: {{execute: [loaders]}}", endpoint(entity(1)), **there).one("ModelServing")
    with pytest.raises(pulumi.RunError, match="does not know, though its account does"):
        churn(f"{PIN}, access: {{query: [loaders], execute: [loaders]}}", endpoint(entity(1)), **there)


@pytest.mark.parametrize("silence", [listed(), UnansweredError("it may not be asked")])
def test_nobody_is_refused_by_whoever_may_not_see_groups(churn: Churn, silence: Any) -> None:
    there = {group("users"): silence, group("strangers"): silence, GROUPS_THERE: silence}

    assert churn(f"{PIN}, access: {{query: [strangers]}}", endpoint(entity(1)), **there).one("ModelServing")


def test_of_service_principals_an_administrator_alone_knows_who_is_not_there(churn: Churn) -> None:
    absent = {
        asked("ServicePrincipals", "applicationId", APPLICATION, where): listed() for where in (WORKSPACE, ACCOUNT)
    }
    settings = f"{PIN}, access: {{execute: [{APPLICATION}]}}"

    assert churn(settings, endpoint(entity(1)), **absent).one("ModelServing")
    with pytest.raises(pulumi.RunError, match=f"`{APPLICATION}`, a service principal that https"):
        churn(settings, endpoint(entity(1)), **absent, **{f"{WORKSPACE}/Me": ADMIN})


def test_all_of_them_are_told_at_once(churn: Churn) -> None:
    there = {**SEEN, **{group(name, where): listed() for name in ("one", "two") for where in (WORKSPACE, ACCOUNT)}}
    with pytest.raises(pulumi.RunError) as refusal:
        churn(f"{PIN}, access: {{query: [one], manage: [two]}}", endpoint(entity(1)), **there)

    assert ("`one`" in str(refusal.value), "`two`" in str(refusal.value)) == (True, True)


def test_whom_the_last_run_named_is_not_looked_up_again(churn: Churn) -> None:
    settings = f"{PIN}, access: {{query: [churn-users], manage: [new]}}"
    made = churn(settings, endpoint(entity(1)), last={"principals": ["churn-users"]}, **{group("new"): listed("new")})

    looked_up = [path for path in made.asked if "/scim/" in path]
    assert [path.partition("azuredatabricks.net")[2] for path in looked_up] == [group("new")]
    assert made.outputs["principals"] == ["churn-users", "new"]


def test_a_name_with_a_quote_in_it_is_one_name(churn: Churn) -> None:
    name = 'the "best"'
    assert churn(f"{PIN}, access: {{query: ['{name}']}}", endpoint(entity(1)), **{group(name): listed(name)}).asked
