"""The Databricks workspace on Azure."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import databricks

from infra import naming
from infra.foundation.azure_group import AzureGroup
from infra.foundation.customer_keys import CustomerKeys
from infra.foundation.virtual_network import VirtualNetwork
from infra.retention import kept


@dataclass(frozen=True, kw_only=True)
class AzureWorkspaceArgs:
    """What the workspace is made from."""

    group: AzureGroup
    workspace: str
    serverless: bool
    network: VirtualNetwork | None
    """Where the clusters of a classic one are; None where Databricks makes their network."""
    public_access: bool
    keys: CustomerKeys | None
    """What is encrypted by a key of the stack's own; None where that is Azure's."""


class AzureWorkspace(pulumi.ComponentResource):
    """A premium workspace, for only those have access control: a serverless one, or one that has clusters too.

    Clusters are in the stack's network or in one that Databricks makes itself, and have no public address. The front
    door is open to the internet, behind Entra's sign-in, where `public_access` does not close it.
    """

    url: pulumi.Output[str]
    """The workspace's address, with `https://`."""
    resource_id: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    """The number by which the Databricks account knows the workspace."""

    def __init__(self, name: str, args: AzureWorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:AzureWorkspace", name, None, opts)
        workspace = self._serverless(name, args) if args.serverless else self._classic(name, args)
        if args.keys and not args.serverless:
            # The identity of the disks' encryption comes with the workspace; no cluster starts before it is let in.
            disks = workspace.managed_disk_identity.apply(lambda identity: identity.principal_id if identity else "")
            args.keys.admit("disks", disks, self)
        self.url = workspace.workspace_url.apply(lambda host: f"https://{host}")
        self.resource_id = workspace.id
        self.workspace_id = workspace.workspace_id
        self.register_outputs({"url": self.url, "resource_id": self.resource_id, "workspace_id": self.workspace_id})

    def _serverless(self, name: str, args: AzureWorkspaceArgs) -> databricks.Workspace:
        """One that has no network, no machines and no managed group, and takes no setting of any."""
        return databricks.Workspace(
            f"{name}-workspace",
            resource_group_name=args.group.name,
            workspace_name=args.workspace,
            location=args.group.location,
            sku=databricks.SkuArgs(name="premium"),
            compute_mode=databricks.ComputeMode.SERVERLESS,
            encryption=_encryption(args.keys, disks=False) if args.keys else None,
            public_network_access=_public(args.public_access),
            tags=args.group.tags,
            opts=kept(self, protect=args.group.protect),
        )

    def _classic(self, name: str, args: AzureWorkspaceArgs) -> databricks.Workspace:
        return databricks.Workspace(
            f"{name}-workspace",
            resource_group_name=args.group.name,
            workspace_name=args.workspace,
            location=args.group.location,
            sku=databricks.SkuArgs(name="premium"),
            compute_mode=databricks.ComputeMode.HYBRID,
            # Databricks makes this group and refuses one that exists.
            managed_resource_group_id=pulumi.Output.from_input(args.group.id).apply(
                lambda group: naming.managed_resource_group_id(group, args.workspace)
            ),
            parameters=_parameters(args.network),
            encryption=_encryption(args.keys, disks=True) if args.keys else None,
            public_network_access=_public(args.public_access),
            # Without a private link, which needs a network of one's own, Azure takes only all rules.
            required_nsg_rules=databricks.RequiredNsgRules.NO_AZURE_DATABRICKS_RULES
            if args.network
            else databricks.RequiredNsgRules.ALL_RULES,
            tags=args.group.tags,
            opts=kept(self, protect=args.group.protect),
        )


def _public(allowed: bool) -> databricks.PublicNetworkAccess:
    return databricks.PublicNetworkAccess.ENABLED if allowed else databricks.PublicNetworkAccess.DISABLED


def _parameters(network: VirtualNetwork | None) -> databricks.WorkspaceCustomParametersArgs:
    private = databricks.WorkspaceNoPublicIPBooleanParameterArgs(value=True)
    if network is None:
        return databricks.WorkspaceCustomParametersArgs(enable_no_public_ip=private)
    return databricks.WorkspaceCustomParametersArgs(
        enable_no_public_ip=private,
        custom_virtual_network_id=databricks.WorkspaceCustomStringParameterArgs(value=network.network_id),
        custom_public_subnet_name=databricks.WorkspaceCustomStringParameterArgs(value=network.host_subnet),
        custom_private_subnet_name=databricks.WorkspaceCustomStringParameterArgs(value=network.container_subnet),
    )


def _encryption(keys: CustomerKeys, *, disks: bool) -> databricks.WorkspacePropertiesEncryptionArgs:
    """Of what Databricks keeps of the workspace itself, and of the disks of its clusters where it can have some."""
    vault, source = keys.vault_uri, databricks.EncryptionKeySource.MICROSOFT_KEYVAULT
    services = databricks.EncryptionV2Args(
        key_source=source,
        key_vault_properties=databricks.EncryptionV2KeyVaultPropertiesArgs(
            key_name=naming.KEY, key_vault_uri=vault, key_version=keys.version
        ),
    )
    of_disks = databricks.ManagedDiskEncryptionArgs(
        key_source=source,
        key_vault_properties=databricks.ManagedDiskEncryptionKeyVaultPropertiesArgs(
            key_name=naming.KEY, key_vault_uri=vault, key_version=keys.version
        ),
        rotation_to_latest_key_version_enabled=True,
    )
    return databricks.WorkspacePropertiesEncryptionArgs(
        entities=databricks.EncryptionEntitiesDefinitionArgs(
            managed_services=services, managed_disk=of_disks if disks else None
        )
    )
