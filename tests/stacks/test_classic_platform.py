"""A stack that creates a classic workspace in a network of its own, joined to a hub and closed to the internet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stacks.recorded import Stack

PROJECT = Path(__file__).parent / "projects"

Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    return run_once("classic", project=PROJECT)


def test_the_nodes_are_in_the_stacks_subnets_and_have_no_public_address(made: Stack) -> None:
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:databricks:")]
    parameters = workspace.inputs["parameters"]

    assert workspace.inputs["computeMode"] == "Hybrid"
    assert parameters["enableNoPublicIp"] == {"value": True}
    assert parameters["customVirtualNetworkId"]["value"].endswith("platform-network-network")
    assert parameters["customPublicSubnetName"] == {"value": "rollpin-classic-host"}
    assert parameters["customPrivateSubnetName"] == {"value": "rollpin-classic-container"}


def test_the_front_is_closed_and_nodes_take_the_private_link(made: Stack) -> None:
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:databricks:")]

    assert workspace.inputs["publicNetworkAccess"] == "Disabled"
    assert workspace.inputs["requiredNsgRules"] == "NoAzureDatabricksRules"


def test_each_subnet_has_its_range_and_none_a_way_out_that_nobody_asked_for(made: Stack) -> None:
    subnets = {each.inputs["subnetName"]: each.inputs for each in made.of("Subnet")}

    assert {name: each["addressPrefix"] for name, each in subnets.items()} == {
        "rollpin-classic-host": "10.20.0.0/24",
        "rollpin-classic-container": "10.20.1.0/24",
        "rollpin-classic-endpoints": "10.20.3.0/27",
    }
    assert not [each for each in subnets.values() if each["defaultOutboundAccess"] is not False]


def test_two_subnets_are_databricks_own_and_go_out_by_one_gateway(made: Stack) -> None:
    for each in made.of("Subnet"):
        databricks = not each.inputs["subnetName"].endswith("endpoints")
        assert ("delegations" in each.inputs) is databricks
        assert ("natGateway" in each.inputs) is databricks
        assert ("networkSecurityGroup" in each.inputs) is databricks
        if databricks:
            assert each.inputs["delegations"][0]["serviceName"] == "Microsoft.Databricks/workspaces"


def test_what_databricks_writes_into_the_security_group_is_left_there(made: Stack) -> None:
    group = made.one("NetworkSecurityGroup")

    assert "securityRules" not in group.inputs
    assert group.ignored == ("securityRules",)


def test_azure_is_asked_for_one_change_of_a_network_and_of_a_workspace_at_a_time(made: Stack) -> None:
    subnets = {each.name: each.after for each in made.of("Subnet")}
    sign_in = next(each for each in made.of("PrivateEndpoint") if each.name.endswith("sign-in"))

    assert "platform-network-host" in subnets["platform-network-container"]
    assert "platform-network-container" in subnets["platform-network-endpoints"]
    assert "platform-link-workspace-dns" in sign_in.after


def test_workspace_sign_in_and_storage_are_each_reached_by_a_private_endpoint(made: Stack) -> None:
    endpoints = {}
    for each in made.of("PrivateEndpoint"):
        (connection,) = each.inputs["privateLinkServiceConnections"]
        endpoints[connection["groupIds"][0]] = connection["privateLinkServiceId"].rpartition("/")[2]

    assert endpoints == {
        "databricks_ui_api": "platform-workspace-workspace",
        "browser_authentication": "platform-workspace-workspace",
        "dfs": "platform-storage-account",
        "blob": "platform-storage-account",
    }


def test_each_endpoint_has_its_name_in_a_zone_that_the_network_asks(made: Stack) -> None:
    zones = {each.inputs["privateZoneName"] for each in made.of("PrivateZone")}
    links = made.of("VirtualNetworkLink")

    assert zones == {
        "privatelink.azuredatabricks.net",
        "privatelink.dfs.core.windows.net",
        "privatelink.blob.core.windows.net",
    }
    assert {each.inputs["privateZoneName"] for each in links} == zones
    assert not [each for each in links if each.inputs["registrationEnabled"]]
    assert len(made.of("PrivateDnsZoneGroup")) == len(made.of("PrivateEndpoint")) == 4


def test_the_hub_is_joined_by_the_stacks_half_of_the_peering_alone(made: Stack) -> None:
    peering = made.one("VirtualNetworkPeering").inputs

    assert peering["remoteVirtualNetwork"]["id"].endswith("/virtualNetworks/vnet-hub")
    assert peering["virtualNetworkName"] == "vnet-rollpin-classic"


def test_the_storage_is_closed_and_serverless_compute_has_its_own_way_to_it(made: Stack) -> None:
    assert made.one("StorageAccount").inputs["networkRuleSet"]["defaultAction"] == "Deny"
    assert {each.inputs["groupId"] for each in made.of("MwsNccPrivateEndpointRule")} == {"dfs", "blob"}
    assert (
        "allowedInternetDestinations" not in made.one("AccountNetworkPolicy").inputs["egress"]["networkAccess"]
        or not (made.one("AccountNetworkPolicy").inputs["egress"]["networkAccess"]["allowedInternetDestinations"])
    )


def test_the_lock_is_set_after_all_that_is_in_the_group(made: Stack) -> None:
    after = set(made.one("ManagementLockAtResourceGroupLevel").after)

    assert {"platform-network-gateway", "platform-link-sign-in-dns", "platform-storage-account"} <= after


def test_logs_of_sign_ins_rights_models_and_files_are_kept_for_as_long_as_is_said(made: Stack) -> None:
    (analytics,) = [each for each in made.of("Workspace") if ":operationalinsights:" in each.type]
    sent = {each.name: each.inputs for each in made.of("DiagnosticSetting")}
    kinds = {name: {log["category"] for log in each["logs"] if log["enabled"]} for name, each in sent.items()}

    assert analytics.inputs["retentionInDays"] == 90
    assert kinds["platform-logs-storage"] == {"StorageRead", "StorageWrite", "StorageDelete"}
    assert {"accounts", "unityCatalog", "serverlessRealTimeInference"} <= kinds["platform-logs-workspace"]
    assert sent["platform-logs-storage"]["resourceUri"].endswith("platform-storage-account/blobServices/default")
    assert all(each["workspaceId"].endswith("platform-logs-analytics") for each in sent.values())


def test_the_budget_counts_the_machines_in_databricks_group_too_and_tells_before_it_is_passed(made: Stack) -> None:
    budget = made.one("Budget").inputs
    told = {(each["threshold"], each["thresholdType"]) for each in budget["notifications"].values()}

    assert budget["scope"] == "/subscriptions/s"
    assert budget["timePeriod"] == {"startDate": "2026-12-01T00:00:00Z"}
    assert budget["filter"]["dimensions"]["values"] == ["rg-rollpin-classic", "dbw-rollpin-classic-managed"]
    assert told == {(80, "Actual"), (100, "Actual"), (100, "Forecasted")}
    assert all(each["contactEmails"] == ["ml@example.com"] for each in budget["notifications"].values())


def test_no_other_workspace_gets_at_catalog_or_storage(made: Stack) -> None:
    assert made.one("Catalog").inputs["isolationMode"] == "ISOLATED"
    assert made.one("StorageCredential").inputs["isolationMode"] == "ISOLATION_MODE_ISOLATED"
    assert made.one("ExternalLocation").inputs["isolationMode"] == "ISOLATION_MODE_ISOLATED"
