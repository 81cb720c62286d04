"""A stack that creates a serverless workspace: no network of its own, and storage that no other network reaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stacks.recorded import Stack

PROJECT = Path(__file__).parent / "projects"

Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    return run_once("serverless", project=PROJECT)


def test_a_serverless_workspace_takes_no_setting_of_machines_or_networks(made: Stack) -> None:
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:")]

    assert workspace.inputs["computeMode"] == "Serverless"
    assert workspace.inputs["sku"] == {"name": "premium"}
    assert not {"parameters", "managedResourceGroupId", "requiredNsgRules"} & workspace.inputs.keys()


def test_nothing_is_paid_for_a_network(made: Stack) -> None:
    assert not [each for each in made.custom if ":network:" in each.type or ":privatedns:" in each.type]


def test_the_storage_denies_all_but_the_access_connector(made: Stack) -> None:
    rules = made.one("StorageAccount").inputs["networkRuleSet"]

    (admitted,) = rules["resourceAccessRules"]
    assert (rules["defaultAction"], rules["bypass"]) == ("Deny", "None")
    assert admitted["resourceId"].endswith("platform-storage-connector")
    assert admitted["tenantId"] == "tenant"
    assert not {"ipRules", "virtualNetworkRules"} & rules.keys()


def test_serverless_compute_has_private_endpoints_to_both_addresses_of_the_storage(made: Stack) -> None:
    rules = {each.inputs["groupId"]: each for each in made.of("MwsNccPrivateEndpointRule")}

    assert rules.keys() == {"dfs", "blob"}
    assert all(each.inputs["resourceId"].endswith("platform-storage-account") for each in rules.values())
    assert made.one("MwsNetworkConnectivityConfig").inputs == {"name": "ncc-rollpin-serverless", "region": "westeurope"}
    assert made.one("MwsNccBinding").inputs["workspaceId"] == "3333333333333333"


def test_serverless_compute_reaches_the_named_hosts_and_no_others(made: Stack) -> None:
    access = made.one("AccountNetworkPolicy").inputs["egress"]["networkAccess"]

    assert access["restrictionMode"] == "RESTRICTED_ACCESS"
    assert access["policyEnforcement"] == {"enforcementMode": "ENFORCED"}
    assert [each["destination"] for each in access["allowedInternetDestinations"]] == [
        "pypi.org",
        "files.pythonhosted.org",
    ]
    assert made.one("WorkspaceNetworkOption").inputs["workspaceId"] == "3333333333333333"


def test_network_and_identities_are_made_in_the_account_and_all_else_in_the_workspace(made: Stack) -> None:
    account = next(each for each in made.of("databricks") if each.name == "account")
    of_account = {"MwsNetworkConnectivityConfig", "MwsNccPrivateEndpointRule", "MwsNccBinding"}
    of_account |= {"AccountNetworkPolicy", "WorkspaceNetworkOption"}
    of_account |= {"ServicePrincipal", "MwsPermissionAssignment", "ServicePrincipalFederationPolicy"}

    assert account.inputs["host"] == "https://accounts.azuredatabricks.net"
    assert account.inputs["accountId"] == "55555555-5555-5555-5555-555555555555"
    for each in made.custom:
        if each.type.startswith("databricks:"):
            provider = "account" if each.type.rsplit(":", 1)[-1] in of_account else "workspace"
            assert f"::{provider}::" in each.provider, each.type


def test_no_lock_is_set_where_the_stack_says_so(made: Stack) -> None:
    assert not made.of("ManagementLockAtResourceGroupLevel")


def test_no_logs_are_paid_for_and_nobody_is_told_of_costs_where_nothing_is_said(made: Stack) -> None:
    assert not made.of("DiagnosticSetting")
    assert not made.of("Budget")
