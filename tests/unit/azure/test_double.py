"""The double of Azure's provider refuses what Azure would: else what it takes proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.stand_in.failures import ProviderError
from engine.stand_in.values import UNKNOWN
from tests.azure import checks, shapes
from tests.azure.error import AzureError
from tests.azure.kind import guid
from tests.azure.kinds import KINDS, find
from tests.azure.subscription import Subscription
from tests.azure.vault_kinds import DATABRICKS, KEY_USER

ACCOUNT = {
    "accountName": "rollpinlake",
    "resourceGroupName": "rg",
    "kind": "StorageV2",
    "location": "westeurope",
    "sku": {"name": "Standard_ZRS"},
}
NETWORK = {"resourceGroupName": "rg", "virtualNetworkName": "vnet", "location": "westeurope"}
SUBNET = {"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "one"}
WORKSPACE = {"resourceGroupName": "rg", "workspaceName": "dbw", "location": "westeurope"}
PERSON = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def azure() -> Subscription:
    """A subscription with a group and a network in it."""
    subscription = Subscription("adb-1.1.azuredatabricks.net", "1")
    put(subscription, "resources:ResourceGroup", {"resourceGroupName": "rg", "location": "westeurope"})
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}}
    put(subscription, "network:VirtualNetwork", {**NETWORK, **space})
    put(subscription, "network:Subnet", {**SUBNET, "addressPrefix": "10.0.0.0/26"})
    put(subscription, "storage:StorageAccount", {**ACCOUNT, "isHnsEnabled": True})
    return subscription


def put(azure: Subscription, token: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return azure.create(find(f"azure-native:{token}"), dict(inputs))[1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"strange": 1}, "strange: is no property here; there is accessTier, "),
        ({"sku": {}}, "sku.name: is required"),
        ({"isHnsEnabled": "true"}, "isHnsEnabled: must be of type bool, found 'true'"),
        ({"minimumTlsVersion": "1.2"}, "minimumTlsVersion: must be one of TLS1_0, TLS1_1, TLS1_2, TLS1_3, found '1.2'"),
        (
            {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"ip": "x"}]}},
            "networkRuleSet.ipRules[0].ip: is no",
        ),
        ({"tags": {"team": 7}}, "tags[team]: must be of type string, found 7"),
    ],
)
def test_inputs_are_held_against_the_specification(changed: Mapping[str, Any], said: str) -> None:
    fields = shapes.inputs("azure-native:storage:StorageAccount")

    assert list(checks.refusals(fields, dict(ACCOUNT))) == []
    found = [f"{each.path}: {each.reason}" for each in checks.refusals(fields, {**ACCOUNT, **changed})]
    assert found[0].startswith(said)


@pytest.mark.parametrize("name", ["ab", "Rollpin", "rollpin-lake", "r" * 25])
def test_a_name_is_held_against_azures_rules(name: str) -> None:
    kind = find("azure-native:storage:StorageAccount")

    assert kind.misnamed({**ACCOUNT, "accountName": name}).keys() == {"accountName"}
    assert kind.misnamed(ACCOUNT) == {}


@pytest.mark.parametrize(
    ("token", "inputs", "code"),
    [
        ("storage:StorageAccount", {**ACCOUNT, "resourceGroupName": "nowhere"}, "ResourceGroupNotFound"),
        (
            "network:Subnet",
            {**SUBNET, "virtualNetworkName": "no", "addressPrefix": "10.0.0.64/26"},
            "ParentResourceNotFound",
        ),
        (
            "network:Subnet",
            {**SUBNET, "subnetName": "two", "addressPrefix": "10.0.0.32/27"},
            "NetcfgSubnetRangesOverlap",
        ),
        ("network:Subnet", {**SUBNET, "subnetName": "two", "addressPrefix": "10.1.0.0/26"}, "NetcfgInvalidSubnet"),
        ("network:Subnet", {**SUBNET, "subnetName": "two", "addressPrefix": "10.0.0.64/30"}, "NetcfgInvalidSubnet"),
        ("databricks:Workspace", WORKSPACE, "InvalidParameter"),
        ("databricks:Workspace", {**WORKSPACE, "computeMode": "Serverless", "parameters": {}}, "InvalidParameter"),
    ],
)
def test_what_is_well_formed_and_cannot_be_is_refused(
    azure: Subscription, token: str, inputs: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(AzureError) as refused:
        put(azure, token, inputs)
    assert refused.value.code == code


def test_what_is_referred_to_must_be_there(azure: Subscription) -> None:
    gateway = f"/subscriptions/{azure.id}/resourceGroups/rg/providers/Microsoft.Network/natGateways/nat"

    with pytest.raises(AzureError, match=f"Resource {gateway} referenced by .* was not found"):
        put(azure, "network:Subnet", {**SUBNET, "subnetName": "two", "natGateway": {"id": gateway}})


def test_what_is_there_is_not_made_again_and_not_moved(azure: Subscription) -> None:
    group = f"/subscriptions/{azure.id}/resourceGroups/rg"

    with pytest.raises(ProviderError, match="cannot create already existing resource"):
        put(azure, "storage:StorageAccount", ACCOUNT)
    with pytest.raises(AzureError, match="InvalidResourceLocation"):
        azure.put(find("azure-native:resources:ResourceGroup"), group, {"location": "northeurope"})


def test_a_role_is_for_an_identity_that_exists(azure: Subscription) -> None:
    scope = f"/subscriptions/{azure.id}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/rollpinlake"
    role = f"/subscriptions/{azure.id}/providers/Microsoft.Authorization/roleDefinitions/some"
    inputs = {"scope": scope, "roleAssignmentName": PERSON, "roleDefinitionId": role, "principalId": PERSON}

    with pytest.raises(AzureError, match="PrincipalNotFound"):
        put(azure, "authorization:RoleAssignment", inputs)


def test_what_a_kind_names_is_in_the_specification() -> None:
    for token, kind in KINDS.items():
        inputs = shapes.inputs(token).keys()
        assert (kind.parts | kind.replaces | kind.names.keys()) - inputs == set(), token


IN_GROUP = {"resourceGroupName": "rg", "location": "westeurope"}
BY_KEY = {"keyName": "own", "keyVaultUri": "https://kv-own.vault.azure.net/", "keyVersion": "1"}
OF_SERVICES = {"entities": {"managedServices": {"keySource": "Microsoft.Keyvault", "keyVaultProperties": BY_KEY}}}
SERVERLESS = {**WORKSPACE, "computeMode": "Serverless", "sku": {"name": "premium"}}


def vault(azure: Subscription, *, purge_protection: bool = True) -> str:
    """Make a vault with a key in it; its id."""
    properties = {"tenantId": azure.tenant, "sku": {"family": "A", "name": "standard"}}
    properties |= {"enablePurgeProtection": True} if purge_protection else {}
    made = put(azure, "keyvault:Vault", {**IN_GROUP, "vaultName": "kv-own", "properties": properties})
    key = {"resourceGroupName": "rg", "vaultName": "kv-own", "keyName": "own", "properties": {"kty": "RSA"}}
    put(azure, "keyvault:Key", key)
    return str(made["id"])


def admit(azure: Subscription, scope: str, principal: str) -> None:
    role = f"/subscriptions/{azure.id}/providers/Microsoft.Authorization/roleDefinitions/{KEY_USER}"
    named = {"roleAssignmentName": guid(scope, principal), "scope": scope}
    put(azure, "authorization:RoleAssignment", {**named, "principalId": principal, "roleDefinitionId": role})


def test_a_workspace_is_not_encrypted_by_a_key_that_databricks_may_not_use(azure: Subscription) -> None:
    keyed = {**SERVERLESS, "encryption": OF_SERVICES}
    with pytest.raises(AzureError, match="KeyVaultKeyNotFound"):
        put(azure, "databricks:Workspace", keyed)
    scope = vault(azure)
    with pytest.raises(AzureError, match="may neither wrap nor unwrap"):
        put(azure, "databricks:Workspace", keyed)
    admit(azure, scope, DATABRICKS)
    assert put(azure, "databricks:Workspace", keyed)["encryption"] == OF_SERVICES


def test_nothing_is_encrypted_by_a_key_that_can_be_purged(azure: Subscription) -> None:
    admit(azure, vault(azure, purge_protection=False), DATABRICKS)
    with pytest.raises(AzureError, match="KeyVaultPolicyError"):
        put(azure, "databricks:Workspace", {**SERVERLESS, "encryption": OF_SERVICES})


def test_a_workspace_that_has_a_key_keeps_one(azure: Subscription) -> None:
    admit(azure, vault(azure), DATABRICKS)
    made = put(azure, "databricks:Workspace", {**SERVERLESS, "encryption": OF_SERVICES})
    with pytest.raises(AzureError, match="DiskEncryptionPropertiesRequired"):
        azure.put(find("azure-native:databricks:Workspace"), made["id"], SERVERLESS)


def test_a_storage_account_uses_a_key_as_an_identity_that_it_has_and_that_may(azure: Subscription) -> None:
    identity = put(azure, "managedidentity:UserAssignedIdentity", {**IN_GROUP, "resourceName": "id-own"})
    by_key = {
        "keySource": "Microsoft.Keyvault",
        "keyVaultProperties": BY_KEY,
        "encryptionIdentity": {"encryptionUserAssignedIdentity": identity["id"]},
    }
    keyed = {**ACCOUNT, "accountName": "rollpinown", "encryption": by_key}
    assigned = {"identity": {"type": "UserAssigned", "userAssignedIdentities": [identity["id"]]}}
    scope = vault(azure)
    with pytest.raises(AzureError, match="does not have the identity"):
        put(azure, "storage:StorageAccount", keyed)
    with pytest.raises(AzureError, match="may neither wrap nor unwrap"):
        put(azure, "storage:StorageAccount", keyed | assigned)
    admit(azure, scope, identity["principalId"])
    put(azure, "storage:StorageAccount", keyed | assigned)


def test_a_preview_does_not_know_what_azure_takes_as_a_list_and_gives_back_as_a_map() -> None:
    told = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/subscriptions/one"]}}
    known = shapes.foreseen(shapes.outputs("azure-native:storage:StorageAccount"), told)["identity"]

    assert (known["type"], known["userAssignedIdentities"]) == ("UserAssigned", UNKNOWN)
