"""A stack that creates its platform: the whole chain from nothing to a served model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from tests.stacks.recorded import WORKSPACE_URL, Stack, version

PROJECT = Path(__file__).parent / "projects"
HOST = f"https://{WORKSPACE_URL}"
VERSIONS = {"new.bots.chatbot": [version(6), version(7), version(8)]}
SERVICE = "11111111-1111-1111-1111-111111111111"

Run = Callable[..., Stack]


@pytest.fixture(scope="module")
def made(run_once: Run) -> Stack:
    return run_once("new", VERSIONS, project=PROJECT, host=HOST)


def test_the_workspace_is_premium_and_its_nodes_have_no_public_address(made: Stack) -> None:
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:")]

    assert workspace.inputs["sku"] == {"name": "premium"}
    assert workspace.inputs["parameters"] == {"enableNoPublicIp": {"value": True}}
    assert workspace.inputs["workspaceName"] == "dbw-rollpin-new"
    assert workspace.inputs["managedResourceGroupId"].endswith("/resourceGroups/dbw-rollpin-new-managed")


def test_the_storage_is_hierarchical_and_nobody_reads_it_without_an_identity(made: Stack) -> None:
    account, container = made.one("StorageAccount").inputs, made.one("BlobContainer").inputs

    assert account["accountName"] == "rollpinnew"
    assert account["isHnsEnabled"] is True
    assert account["allowBlobPublicAccess"] is False
    assert account["allowSharedKeyAccess"] is False
    assert account["enableHttpsTrafficOnly"] is True
    assert account["minimumTlsVersion"] == "TLS1_2"
    assert container["publicAccess"] == "None"


def test_what_is_deleted_in_the_storage_can_be_restored_for_thirty_days(made: Stack) -> None:
    blobs = made.one("BlobServiceProperties").inputs

    assert blobs["blobServicesName"] == "default"
    assert blobs["deleteRetentionPolicy"] == {"days": 30, "enabled": True}
    assert blobs["containerDeleteRetentionPolicy"] == {"days": 30, "enabled": True}
    assert "isVersioningEnabled" not in blobs


def test_no_local_user_and_no_other_tenant_gets_at_the_storage(made: Stack) -> None:
    account = made.one("StorageAccount").inputs

    assert account["isLocalUserEnabled"] is False
    assert account["allowCrossTenantReplication"] is False
    assert account["defaultToOAuthAuthentication"] is True


def test_azure_deletes_nothing_in_the_group_of_a_protected_stack(made: Stack) -> None:
    lock = made.one("ManagementLockAtResourceGroupLevel")

    assert lock.inputs["level"] == "CanNotDelete"
    assert lock.inputs["resourceGroupName"] == "rg-rollpin-new"
    assert {"platform-storage-account", "platform-workspace-workspace"} <= set(lock.after)
    assert not lock.retained


def test_the_access_connector_alone_gets_a_role_and_only_on_the_storage(made: Stack) -> None:
    role, account = made.one("RoleAssignment").inputs, made.one("StorageAccount")

    assert role["roleDefinitionId"].endswith("/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe")
    assert role["principalId"] == "principal"
    assert role["principalType"] == "ServicePrincipal"
    assert role["scope"].endswith(account.name)
    assert made.one("AccessConnector").inputs["identity"] == {"type": "SystemAssigned"}


def test_the_workspace_is_joined_to_the_metastore_and_that_to_the_storage(made: Stack) -> None:
    assignment, credential = made.one("MetastoreAssignment").inputs, made.one("StorageCredential")
    location, catalog = made.one("ExternalLocation").inputs, made.one("Catalog").inputs

    assert assignment["metastoreId"] == "44444444-4444-4444-4444-444444444444"
    assert assignment["workspaceId"] == "3333333333333333"
    assert credential.inputs["azureManagedIdentity"]["accessConnectorId"].endswith("platform-storage-connector")
    assert "metastore-assignment" in credential.after
    assert location["url"] == "abfss://unity-catalog@rollpinnew.dfs.core.windows.net/"
    assert location["credentialName"] == credential.inputs["name"] == "rollpin-new-rollpinnew"
    assert catalog["storageRoot"] == "abfss://unity-catalog@rollpinnew.dfs.core.windows.net/new"


def test_the_location_waits_for_the_role_that_lets_the_connector_in(made: Stack) -> None:
    assert {"platform-storage-role", "platform-storage-container"} <= set(made.one("ExternalLocation").after)


def test_what_holds_data_or_identity_is_protected(made: Stack) -> None:
    kinds = ("ResourceGroup", "StorageAccount", "BlobContainer", "AccessConnector", "MetastoreAssignment", "Catalog")
    kinds += ("StorageCredential", "ExternalLocation")
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:")]

    for each in (workspace, *map(made.one, kinds)):
        assert each.protect, each.type
        assert each.retained, each.type


def test_databricks_resources_go_to_the_created_workspace(made: Stack) -> None:
    provider = made.one("databricks")

    assert provider.inputs["host"] == HOST
    databricks = [each for each in made.custom if each.type.startswith("databricks:")]
    assert all("::workspace::" in each.provider for each in databricks)


def test_pin_warm_versions_and_canary_are_entities_and_routes_in_the_order_of_versions(made: Stack) -> None:
    config = made.one("ModelServing").inputs["config"]

    assert [entity["entityVersion"] for entity in config["servedEntities"]] == ["6", "7", "8"]
    assert config["trafficConfig"]["routes"] == [
        {"servedModelName": "chatbot-v6", "trafficPercentage": 0},
        {"servedModelName": "chatbot-v7", "trafficPercentage": 90},
        {"servedModelName": "chatbot-v8", "trafficPercentage": 10},
    ]
    assert {(each["workloadSize"], each["scaleToZeroEnabled"]) for each in config["servedEntities"]} == {
        ("Medium", True)
    }


def test_an_inference_table_is_switched_off_by_saying_so(made: Stack) -> None:
    assert made.one("ModelServing").inputs["aiGateway"]["inferenceTableConfig"]["enabled"] is False


def test_each_kind_of_principal_is_named_as_such_and_once(made: Stack) -> None:
    (endpoint,) = [each for each in made.of("Permissions") if "servingEndpointId" in each.inputs]
    (grants,) = [each for each in made.of("Grants") if each.inputs.get("model") == "new.bots.chatbot"]

    assert endpoint.inputs["accessControls"] == [
        {"groupName": "askers", "permissionLevel": "CAN_QUERY"},
        {"groupName": "engineers", "permissionLevel": "CAN_MANAGE"},
    ]
    assert [grant["principal"] for grant in grants.inputs["grants"]] == [SERVICE, "engineers"]


def test_models_of_one_catalog_share_it_and_its_grants(made: Stack) -> None:
    (grants,) = [each for each in made.of("Grants") if "catalog" in each.inputs]

    assert {grant["principal"] for grant in grants.inputs["grants"]} == {SERVICE, "askers", "engineers"}
    assert {schema.inputs["name"] for schema in made.of("Schema")} == {"bots", "vectors"}


def test_a_model_without_a_pin_has_no_endpoint_beside_one_that_has(made: Stack) -> None:
    assert made.one("ModelServing").inputs["name"] == "chatbot"
    assert {each.inputs["name"] for each in made.of("RegisteredModel")} == {"chatbot", "embedder"}
    assert {each.inputs["name"] for each in made.of("MlflowExperiment")} == {
        "/Shared/rollpin-new-chatbot",
        "/Shared/embedder",
    }
    assert made.outputs["models"]["chatbot"]["canary"] == {"version": 8, "percent": 10}
    assert made.outputs["models"]["embedder"]["endpoint_url"] is None


def test_once_the_workspace_is_there_pins_are_looked_up_where_the_last_run_left_it(run: Run) -> None:
    found = run("new", VERSIONS, project=PROJECT, last={"workspace_url": HOST})

    assert found.one("ModelServing").inputs["name"] == "chatbot"
    assert all(asked.startswith(f"{HOST}/") for asked in found.asked)


def test_pins_that_were_looked_up_in_another_workspace_end_the_up(run: Run) -> None:
    made = Stack()
    with pytest.raises(pulumi.RunError) as refused:
        run("new", VERSIONS, project=PROJECT, host="https://adb-9.9.azuredatabricks.net", into=made)

    assert "The pins were looked up at https://adb-9.9.azuredatabricks.net, where" in str(refused.value)
    assert f"export DATABRICKS_HOST={HOST}" in str(refused.value)
    assert not [each for each in made.custom if each.type.startswith("databricks:")]


def test_a_stack_that_says_nothing_of_its_shape_keeps_the_workspace_and_the_storage_that_it_has(made: Stack) -> None:
    (workspace,) = [each for each in made.of("Workspace") if each.type.startswith("azure-native:")]
    isolating = [each.name for each in made.custom if "isolationMode" in each.inputs]

    assert workspace.inputs["computeMode"] == "Hybrid"
    assert (workspace.inputs["publicNetworkAccess"], workspace.inputs["requiredNsgRules"]) == ("Enabled", "AllRules")
    assert "networkRuleSet" not in made.one("StorageAccount").inputs
    assert not [each for each in made.custom if ":network:" in each.type or ":index/mws" in each.type]
    assert not isolating
