"""Whoever lacks a right in Azure is told before a platform is made, by the action, the role, and what to type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.proof.azure_api import SilentError
from infra.proof.azure_rights import allows
from tests.stacks.recorded import SUBSCRIPTION, Stack

PROJECT = Path(__file__).parent / "projects"
WRITES = "Microsoft.Authorization/*/Write"
CONTRIBUTOR = {"actions": ["*"], "notActions": ["Microsoft.Authorization/*/Delete", WRITES]}
ADMINISTRATOR = {"actions": ["*/read", "Microsoft.Authorization/*"], "notActions": []}
Run = Callable[..., Stack]


def refused(run: Run, stack: str, *roles: Mapping[str, Any]) -> str:
    made = Stack(roles=list(roles))
    with pytest.raises(pulumi.RunError) as refusal:
        run(stack, project=PROJECT, into=made)
    assert made.resources == []
    assert "aad-secret" not in str(refusal.value)
    return str(refusal.value)


def test_a_contributor_alone_may_give_no_role_and_is_told_which_and_how(run: Run) -> None:
    said = refused(run, "serverless", CONTRIBUTOR)

    assert "asks for what whoever runs this may not do in Azure. No resource was touched." in said
    assert "Microsoft.Authorization/roleAssignments/write (the access connector's role)" in said
    assert f"in subscription {SUBSCRIPTION}" in said
    assert "storageAccounts" not in said
    assert f"--role 'User Access Administrator' --scope /subscriptions/{SUBSCRIPTION}" in said


def test_a_reader_is_told_all_that_is_lacking(run: Run) -> None:
    said = refused(run, "classic", {"actions": ["*/read"]})

    for action in ("storageAccounts/write", "workspaces/write", "virtualNetworks/write", "resourceGroups/write"):
        assert action in said
    assert "--role 'Contributor'" in said


@pytest.mark.parametrize("roles", [[{"actions": ["*"]}], [CONTRIBUTOR, ADMINISTRATOR]])
def test_whoever_has_the_actions_by_whichever_roles_is_let_through(run: Run, roles: list[dict[str, Any]]) -> None:
    assert run("serverless", project=PROJECT, into=Stack(roles=roles)).one("Workspace")


def test_where_azure_does_not_say_nobody_is_refused(run: Run) -> None:
    assert run("serverless", project=PROJECT, into=Stack(roles=SilentError("Azure answers 403"))).one("Workspace")


def places(*names: str) -> dict[str, Any]:
    other = {"resourceType": "accessConnectors", "locations": ["Nowhere"]}
    return {"resourceTypes": [other, {"resourceType": "workspaces", "locations": list(names)}]}


def test_a_region_without_databricks_is_refused_with_the_one_that_was_meant(run: Run) -> None:
    made = Stack(places=places("West Europa", "North Europe"))
    with pytest.raises(pulumi.RunError) as refused:
        run("serverless", project=PROJECT, into=made)

    assert "`westeurope`, where Azure has no Databricks" in str(refused.value)
    assert "write `location: westeuropa`; all of them: northeurope, westeuropa" in str(refused.value)
    assert made.resources == []


@pytest.mark.parametrize("told", [places("West Europe"), places(), {}])
def test_a_region_that_azure_names_passes_and_so_does_any_where_it_names_none(run: Run, told: dict[str, Any]) -> None:
    assert run("serverless", project=PROJECT, into=Stack(places=told)).one("Workspace")


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("Microsoft.Storage/storageAccounts/write", True),
        ("microsoft.authorization/roleassignments/write", False),
        ("Microsoft.Authorization/roleAssignments/read", True),
    ],
)
def test_actions_are_matched_as_azure_does_whatever_their_casing(action: str, allowed: bool) -> None:
    assert allows([CONTRIBUTOR], action) is allowed
