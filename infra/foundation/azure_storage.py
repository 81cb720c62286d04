"""The storage that Unity Catalog keeps its managed data in, and the identity by which it gets there."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, databricks, storage

from infra import naming
from infra.foundation.azure_group import AzureGroup
from infra.foundation.customer_keys import CustomerKeys
from infra.foundation.role_given import give
from infra.proof import azure_name
from infra.proof.claims import Claims
from infra.retention import kept


@dataclass(frozen=True, kw_only=True)
class AzureStorageArgs:
    """What the storage is made from."""

    group: AzureGroup
    account: str
    connector: str
    soft_delete_days: int
    private: bool
    keys: CustomerKeys | None
    """What it is encrypted by; None where that is Azure's own key."""
    claims: Claims


class AzureStorage(pulumi.ComponentResource):
    """An ADLS Gen2 account with one container, and an access connector that may read and write it.

    What is deleted can be restored for a while. It keeps no versions: Azure has none with a hierarchical namespace.
    Where it is `private`, no network reaches it but by a private endpoint, and the connector does from Databricks. Else
    whoever holds a role on the account reaches it from anywhere.
    """

    url: pulumi.Output[str]
    """The container's `abfss://` address, known once the connector may use it."""
    connector_id: pulumi.Output[str]
    account_id: pulumi.Output[str]
    """The account's Azure resource id."""

    def __init__(self, name: str, args: AzureStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:AzureStorage", name, None, opts)
        connector = self._connector(name, args)
        account = self._account(name, args, connector)
        container = storage.BlobContainer(
            f"{name}-container",
            resource_group_name=args.group.name,
            account_name=account.name,
            container_name=naming.CONTAINER,
            public_access=storage.PublicAccess.NONE,
            opts=kept(self, protect=args.group.protect),
        )
        self._soft_delete(name, args, account)
        role = self._role(name, args, account, connector)
        self.connector_id, self.account_id = connector.id, account.id
        self.url = pulumi.Output.all(container.id, role.id).apply(lambda _: naming.storage_url(args.account))
        self.register_outputs({"url": self.url, "connector_id": self.connector_id, "account_id": self.account_id})

    def _account(
        self, name: str, args: AzureStorageArgs, connector: databricks.AccessConnector
    ) -> storage.StorageAccount:
        made = storage.StorageAccount(
            f"{name}-account",
            resource_group_name=args.group.name,
            account_name=args.account,
            location=args.group.location,
            kind=storage.Kind.STORAGE_V2,
            sku=storage.SkuArgs(name=storage.SkuName.STANDARD_ZRS),
            is_hns_enabled=True,
            allow_blob_public_access=False,
            # Identities alone: with keys, whoever lists them gets past Unity Catalog's grants.
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            is_local_user_enabled=False,
            allow_cross_tenant_replication=False,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            network_rule_set=_admitted(connector) if args.private else None,
            identity=_identity(args.keys) if args.keys else None,
            encryption=_encryption(args.keys) if args.keys else None,
            tags=args.group.tags,
            opts=pulumi.ResourceOptions.merge(
                kept(self, protect=args.group.protect), args.claims.free(azure_name.storage_account(args.account))
            ),
        )
        args.claims.named(made)
        return made

    def _soft_delete(self, name: str, args: AzureStorageArgs, account: storage.StorageAccount) -> None:
        kept_for = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.soft_delete_days)
        storage.BlobServiceProperties(
            f"{name}-blobs",
            resource_group_name=args.group.name,
            account_name=account.name,
            blob_services_name="default",
            delete_retention_policy=kept_for,
            container_delete_retention_policy=kept_for,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _connector(self, name: str, args: AzureStorageArgs) -> databricks.AccessConnector:
        return databricks.AccessConnector(
            f"{name}-connector",
            resource_group_name=args.group.name,
            connector_name=args.connector,
            location=args.group.location,
            identity=databricks.ManagedServiceIdentityArgs(type=databricks.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
            tags=args.group.tags,
            opts=kept(self, protect=args.group.protect),
        )

    def _role(
        self,
        name: str,
        args: AzureStorageArgs,
        account: storage.StorageAccount,
        connector: databricks.AccessConnector,
    ) -> authorization.RoleAssignment:
        role = naming.BLOB_DATA_CONTRIBUTOR
        return give(
            f"{name}-role",
            role,
            connector.identity.apply(lambda identity: identity.principal_id),
            account.id,
            called=naming.role_assignment(args.account, args.connector, role),
            parent=self,
            protect=args.group.protect,
        )


def _admitted(connector: databricks.AccessConnector) -> storage.NetworkRuleSetArgs:
    """Nobody, wherever they come from, but the connector: for it the account stays within reach, behind these rules."""
    return storage.NetworkRuleSetArgs(
        default_action=storage.DefaultAction.DENY,
        bypass=storage.Bypass.NONE,
        resource_access_rules=[
            storage.ResourceAccessRuleArgs(
                resource_id=connector.id,
                tenant_id=connector.identity.apply(lambda identity: identity.tenant_id),
            )
        ],
    )


def _identity(keys: CustomerKeys) -> storage.IdentityArgs:
    return storage.IdentityArgs(type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[keys.identity_id])


def _encryption(keys: CustomerKeys) -> storage.EncryptionArgs:
    """By the key's newest version, whichever that is: none is named."""
    return storage.EncryptionArgs(
        key_source=storage.KeySource.MICROSOFT_KEYVAULT,
        key_vault_properties=storage.KeyVaultPropertiesArgs(key_name=naming.KEY, key_vault_uri=keys.vault_uri),
        encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=keys.identity_id),
    )
