"""The key of the stack's own, by which storage, workspace and disks are encrypted, and who may use it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, keyvault, managedidentity

from infra import naming
from infra.foundation.azure_group import AzureGroup
from infra.foundation.role_given import give
from infra.proof import azure_name
from infra.proof.claims import Claims
from infra.retention import kept
from infra.settings.customer_keys_schema import CustomerManagedKeys

BITS = 3072
"""The size of the key; Databricks takes 2048 and 4096 too."""
KEPT_DAYS = 90
"""Days in which a deleted vault can be restored, and can be purged by nobody."""


@dataclass(frozen=True, kw_only=True)
class CustomerKeysArgs:
    """What the key is made from."""

    group: AzureGroup
    settings: CustomerManagedKeys
    identity: str
    claims: Claims


class CustomerKeys(pulumi.ComponentResource):
    """A Key Vault that nobody can purge, a key in it, and an identity by which the storage uses that key.

    No network reaches the vault but Azure's own services, and those only by a role. It does not rotate the key.
    """

    vault_uri: pulumi.Output[str]
    version: pulumi.Output[str]
    """The version of the key, known once Databricks may use it."""
    identity_id: pulumi.Output[str]
    """The storage's identity, known once it may use the key."""

    def __init__(self, name: str, args: CustomerKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:CustomerKeys", name, None, opts)
        self._name, self._args = name, args
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_group_name=args.group.name,
            resource_name_=args.identity,
            location=args.group.location,
            tags=args.group.tags,
            opts=kept(self, protect=args.group.protect),
        )
        self._vault = self._made_vault(identity.tenant_id)
        key = self._key()
        stored = self.admit("storage", identity.principal_id, self)
        served = self.admit("databricks", args.settings.databricks, self)
        self.vault_uri = self._vault.properties.apply(lambda properties: str(properties.vault_uri))
        uri = pulumi.Output.all(key.key_uri_with_version, served.id).apply(lambda known: str(known[0]))
        self.version = uri.apply(lambda uri: uri.rpartition("/")[2])
        self.identity_id = pulumi.Output.all(identity.id, key.id, stored.id).apply(lambda known: str(known[0]))
        self.register_outputs({"vault_uri": self.vault_uri, "identity_id": self.identity_id})

    def admit(self, who: str, principal: pulumi.Input[str], parent: pulumi.Resource) -> authorization.RoleAssignment:
        """Let a principal encrypt and decrypt by the key; `who` says what it is, for its name."""
        vault, role = self._args.settings.key_vault, naming.KEY_USER
        return give(
            f"{self._name}-{who}",
            role,
            principal,
            self._vault.id,
            called=naming.role_assignment(vault, who, role),
            parent=parent,
            protect=self._args.group.protect,
        )

    def _made_vault(self, tenant_id: pulumi.Input[str]) -> keyvault.Vault:
        free = self._args.claims.free(azure_name.key_vault(self._args.settings.key_vault))
        made = keyvault.Vault(
            f"{self._name}-vault",
            resource_group_name=self._args.group.name,
            vault_name=self._args.settings.key_vault,
            location=self._args.group.location,
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=tenant_id,
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=KEPT_DAYS,
                enable_purge_protection=True,
                network_acls=keyvault.NetworkRuleSetArgs(
                    default_action=keyvault.NetworkRuleAction.DENY,
                    bypass=keyvault.NetworkRuleBypassOptions.AZURE_SERVICES,
                ),
            ),
            tags=self._args.group.tags,
            opts=pulumi.ResourceOptions.merge(kept(self, protect=self._args.group.protect), free),
        )
        self._args.claims.named(made)
        return made

    def _key(self) -> keyvault.Key:
        """Made by Azure's management, which needs no way through the vault's network rules, and no role in it."""
        return keyvault.Key(
            f"{self._name}-key",
            resource_group_name=self._args.group.name,
            vault_name=self._vault.name,
            key_name=naming.KEY,
            properties=keyvault.KeyPropertiesArgs(
                kty=keyvault.JsonWebKeyType.RSA,
                key_size=BITS,
                key_ops=[keyvault.JsonWebKeyOperation.WRAP_KEY, keyvault.JsonWebKeyOperation.UNWRAP_KEY],
            ),
            tags=self._args.group.tags,
            opts=kept(self, protect=self._args.group.protect),
        )
