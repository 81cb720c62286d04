"""Key Vaults, the keys in them, and identities that use these; and what Azure refuses where a key cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from tests.azure.error import AzureError, invalid
from tests.azure.kind import Azure, Kind, Values, guid, within

VAULT = within("Microsoft.KeyVault/vaults/{vaultName}")
DATABRICKS = "77777777-0000-4000-8000-000000000000"
"""The object id by which the directory knows the application AzureDatabricks."""
KEY_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Key Vault Crypto Service Encryption User."""


def confirm_usable(told: Values, principal: str, azure: Azure) -> None:
    """Raise AzureError where a service cannot encrypt by the key that it was told of, as `principal`."""
    vault = next(_at(told["keyVaultUri"], azure), "")
    properties = (azure.get(vault) or {}).get("properties", {})
    if azure.get(f"{vault}/keys/{told['keyName']}") is None:
        raise invalid("KeyVaultKeyNotFound", f"The key {told['keyName']} in {told['keyVaultUri']} was not found.")
    if not properties.get("enablePurgeProtection"):
        raise invalid("KeyVaultPolicyError", "Keyvault policy recoverable is not set: purge protection is needed.")
    if (principal, KEY_USER) not in _admitted(vault, azure):
        raise invalid("KeyVaultAccessForbidden", f"{principal} may neither wrap nor unwrap by keys of {vault}.")


def _at(uri: str, azure: Azure) -> Iterator[str]:
    found = azure.below(f"/subscriptions/{azure.id}").items()
    return (each for each, body in found if body.get("properties", {}).get("vaultUri") == uri)


def _admitted(vault: str, azure: Azure) -> set[tuple[str, str]]:
    """Each principal that holds a role on a vault, with the role."""
    given = azure.below(f"{vault}/providers/Microsoft.Authorization/roleAssignments").values()
    return {(each["principalId"], each["roleDefinitionId"].rpartition("/")[2]) for each in given}


def _vault_says(resource_id: str, inputs: Values, _azure: Azure) -> Values:
    return {
        "properties": {"vaultUri": f"https://{inputs['vaultName']}.vault.azure.net/", "provisioningState": "Succeeded"}
    }


def _vault_refuses(resource_id: str, inputs: Values, azure: Azure) -> None:
    if inputs["vaultName"] in azure.deleted_vaults:
        words = "A vault with the same name already exists in deleted state. You need to either recover or purge it."
        raise AzureError(409, "ConflictError", words)
    now, before = inputs["properties"], (azure.get(resource_id) or {}).get("properties", {})
    if not 7 <= now.get("softDeleteRetentionInDays", 90) <= 90:
        raise invalid("BadRequest", "softDeleteRetentionInDays must be from 7 to 90.")
    if before.get("enablePurgeProtection") and not now.get("enablePurgeProtection"):
        raise invalid("BadRequest", "The property 'enablePurgeProtection' cannot be set to false once it was true.")


def _key_says(resource_id: str, inputs: Values, azure: Azure) -> Values:
    uri = f"https://{inputs['vaultName']}.vault.azure.net/keys/{inputs['keyName']}"
    return {"keyUri": uri, "keyUriWithVersion": f"{uri}/{guid(resource_id).replace('-', '')}"}


def _identity_says(resource_id: str, _inputs: Values, azure: Azure) -> Values:
    return {"principalId": guid(resource_id), "clientId": guid(resource_id, "client"), "tenantId": azure.tenant}


KINDS = (
    Kind(
        token="azure-native:keyvault:Vault",
        path=VAULT,
        replaces=frozenset({"location"}),
        names={"vaultName": "(?=.{3,24}$)[A-Za-z](?:-?[A-Za-z0-9])+"},
        says=_vault_says,
        refuses=_vault_refuses,
    ),
    Kind(
        token="azure-native:keyvault:Key",
        path=f"{VAULT}/keys/{{keyName}}",
        names={"keyName": "[A-Za-z0-9-]{1,127}"},
        says=_key_says,
    ),
    Kind(
        token="azure-native:managedidentity:UserAssignedIdentity",
        path=within("Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"),
        replaces=frozenset({"location"}),
        names={"resourceName": "[A-Za-z0-9][A-Za-z0-9_-]{2,127}"},
        says=_identity_says,
    ),
)
