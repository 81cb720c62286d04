"""Storage, as Microsoft.Storage has it."""

from __future__ import annotations

from tests.azure.error import invalid
from tests.azure.kind import Azure, Kind, Values, within
from tests.azure.vault_kinds import confirm_usable

ENDPOINTS = ("blob", "dfs", "file", "queue", "table", "web")
ACCOUNT = within("Microsoft.Storage/storageAccounts/{accountName}")


def _account_defaults(_id: str, inputs: Values, _azure: Azure) -> Values:
    return {
        "accessTier": "Hot",
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": True,
        "enableHttpsTrafficOnly": True,
        "encryption": {
            "keySource": "Microsoft.Storage",
            "services": {"blob": {"enabled": True, "keyType": "Account"}, "file": {"enabled": True}},
        },
        "minimumTlsVersion": "TLS1_0",
        "networkRuleSet": {
            "bypass": "AzureServices",
            "defaultAction": "Allow",
            "ipRules": [],
            "virtualNetworkRules": [],
        },
        "publicNetworkAccess": "Enabled",
    }


def _account_says(_id: str, inputs: Values, azure: Azure) -> Values:
    name = inputs["accountName"]
    return {
        **_identities(inputs, azure),
        "location": inputs["location"].replace(" ", "").lower(),
        "primaryEndpoints": {each: f"https://{name}.{each}.core.windows.net/" for each in ENDPOINTS},
        "primaryLocation": inputs["location"],
        "provisioningState": "Succeeded",
        "sku": {**inputs["sku"], "tier": inputs["sku"]["name"].partition("_")[0]},
        "statusOfPrimary": "available",
    }


def _identities(inputs: Values, azure: Azure) -> Values:
    """Azure takes the ids of identities as a list, and gives back what it knows of each."""
    if not (assigned := inputs.get("identity", {}).get("userAssignedIdentities")):
        return {}
    known = {each: {"principalId": (azure.get(each) or {})["principalId"]} for each in assigned}
    return {"identity": {**inputs["identity"], "userAssignedIdentities": known}}


def _account_refuses(_id: str, inputs: Values, azure: Azure) -> None:
    encryption = inputs.get("encryption", {})
    if encryption.get("keySource") == "Microsoft.Keyvault":
        identity = encryption["encryptionIdentity"]["encryptionUserAssignedIdentity"]
        if identity not in inputs.get("identity", {}).get("userAssignedIdentities", []):
            raise invalid("InvalidRequestPropertyValue", f"The account does not have the identity {identity}.")
        confirm_usable(encryption["keyVaultProperties"], (azure.get(identity) or {})["principalId"], azure)
    if inputs.get("isHnsEnabled") and inputs["kind"] not in ("StorageV2", "BlockBlobStorage"):
        raise invalid("InvalidRequestPropertyValue", "The value of isHnsEnabled does not go with the account's kind.")


def _blobs_refuse(resource_id: str, inputs: Values, azure: Azure) -> None:
    account = azure.get(resource_id.partition("/blobServices/")[0]) or {}
    if inputs.get("isVersioningEnabled") and account.get("isHnsEnabled"):
        raise invalid("InvalidRequestPropertyValue", "Versioning is not supported with a hierarchical namespace.")
    for policy in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        days = inputs.get(policy, {}).get("days", 1)
        if not 1 <= days <= 365:
            raise invalid("InvalidXmlNodeValue", f"{policy}.days must be from 1 to 365, found {days}.")


KINDS = (
    Kind(
        token="azure-native:storage:StorageAccount",
        path=ACCOUNT,
        replaces=frozenset({"isHnsEnabled", "location"}),
        names={"accountName": "[a-z0-9]{3,24}"},
        fills=_account_defaults,
        says=_account_says,
        refuses=_account_refuses,
    ),
    Kind(
        token="azure-native:storage:BlobContainer",
        path=f"{ACCOUNT}/blobServices/default/containers/{{containerName}}",
        names={"containerName": "(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"},
        fills=lambda *_: {"defaultEncryptionScope": "$account-encryption-key", "denyEncryptionScopeOverride": False},
        says=lambda *_: {"hasImmutabilityPolicy": False, "hasLegalHold": False, "leaseState": "Available"},
    ),
    Kind(
        token="azure-native:storage:BlobServiceProperties",
        path=f"{ACCOUNT}/blobServices/{{blobServicesName}}",
        names={"blobServicesName": "default"},
        fills=lambda *_: {"cors": {"corsRules": []}, "deleteRetentionPolicy": {"allowPermanentDelete": False}},
        refuses=_blobs_refuse,
        singleton=True,
    ),
)
