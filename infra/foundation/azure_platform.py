"""The Azure platform of a stack that creates its own: resource group, storage, workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import resources

from infra import naming
from infra.foundation.activity_logs import ActivityLogs, ActivityLogsArgs
from infra.foundation.azure_group import AzureGroup
from infra.foundation.azure_storage import AzureStorage, AzureStorageArgs
from infra.foundation.azure_workspace import AzureWorkspace, AzureWorkspaceArgs
from infra.foundation.customer_keys import CustomerKeys, CustomerKeysArgs
from infra.foundation.private_link import PrivateLink, PrivateLinkArgs
from infra.foundation.private_zones import PrivateZones, PrivateZonesArgs
from infra.foundation.resource_lock import lock
from infra.foundation.spending import budget
from infra.foundation.virtual_network import VirtualNetwork, VirtualNetworkArgs
from infra.proof.claims import Claims
from infra.retention import kept
from infra.settings.budget_schema import Budget
from infra.settings.create_schema import Create
from infra.settings.customer_keys_schema import CustomerManagedKeys
from infra.settings.network_schema import Network


@dataclass(frozen=True, kw_only=True)
class AzurePlatformArgs:
    """What the platform is made from."""

    stack: str
    create: Create
    tags: Mapping[str, str]
    protect: bool
    claims: Claims
    """Where it is looked up whether a name is free."""


class AzurePlatform(pulumi.ComponentResource):
    """A resource group with the storage and the workspace in it, and the network of its clusters where it has one.

    It makes no identities beside the access connector's.
    """

    url: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    storage_url: pulumi.Output[str]
    storage_id: pulumi.Output[str]
    connector_id: pulumi.Output[str]

    def __init__(self, name: str, args: AzurePlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:AzurePlatform", name, None, opts)
        create, parts = args.create, _Parts(name, args, self)
        network = parts.network(create.network) if create.network else None
        keys = parts.keys(create.customer_managed_keys) if create.customer_managed_keys else None
        storage, workspace = parts.storage(keys), parts.workspace(network, keys)
        made: list[pulumi.Resource] = [storage, workspace, *([keys] if keys else [])]
        if network and create.network:
            made += [network, parts.private_link(create.network, network, storage, workspace)]
        if create.log_days:
            made.append(parts.logs(create.log_days, storage, workspace))
        if create.budget:
            parts.budget(create.budget)
        if create.locked(args.protect):
            lock(name, parts.group.name, naming.lock(args.stack), self, made)
        self.url, self.resource_id, self.workspace_id = workspace.url, workspace.resource_id, workspace.workspace_id
        self.storage_url, self.storage_id, self.connector_id = storage.url, storage.account_id, storage.connector_id
        self.register_outputs(
            {
                "url": self.url,
                "resource_id": self.resource_id,
                "workspace_id": self.workspace_id,
                "storage_url": self.storage_url,
                "storage_id": self.storage_id,
                "connector_id": self.connector_id,
            }
        )


class _Parts:
    """Makes the parts of one platform, each in its resource group, which is made first."""

    def __init__(self, name: str, args: AzurePlatformArgs, parent: pulumi.Resource) -> None:
        self.name, self.stack, self.create, self.parent = name, args.stack, args.create, parent
        self.claims = args.claims
        self.group_name = args.create.resource_group or naming.resource_group(args.stack)
        self.workspace_name = args.create.workspace or naming.workspace(args.stack)
        made = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=self.group_name,
            location=args.create.location,
            tags=args.tags,
            opts=kept(parent, protect=args.protect),
        )
        self.group = AzureGroup(
            name=made.name, id=made.id, location=args.create.location, tags=args.tags, protect=args.protect
        )

    def keys(self, settings: CustomerManagedKeys) -> CustomerKeys:
        return CustomerKeys(
            f"{self.name}-keys",
            CustomerKeysArgs(
                group=self.group,
                settings=settings,
                identity=naming.storage_identity(self.stack),
                claims=self.claims,
            ),
            self._options(),
        )

    def storage(self, keys: CustomerKeys | None) -> AzureStorage:
        return AzureStorage(
            f"{self.name}-storage",
            AzureStorageArgs(
                group=self.group,
                account=self.create.storage_account,
                connector=naming.access_connector(self.stack),
                soft_delete_days=self.create.soft_delete_days,
                private=self.create.private,
                keys=keys,
                claims=self.claims,
            ),
            self._options(),
        )

    def network(self, settings: Network) -> VirtualNetwork:
        return VirtualNetwork(
            f"{self.name}-network",
            VirtualNetworkArgs(group=self.group, stack=self.stack, network=settings),
            self._options(),
        )

    def workspace(self, network: VirtualNetwork | None, keys: CustomerKeys | None) -> AzureWorkspace:
        return AzureWorkspace(
            f"{self.name}-workspace",
            AzureWorkspaceArgs(
                group=self.group,
                workspace=self.workspace_name,
                serverless=self.create.serverless,
                network=network,
                public_access=self.create.network is None or self.create.network.public_access,
                keys=keys,
            ),
            self._options(),
        )

    def private_link(
        self, settings: Network, network: VirtualNetwork, storage: AzureStorage, workspace: AzureWorkspace
    ) -> PrivateLink:
        zones = PrivateZones(
            f"{self.name}-zones",
            PrivateZonesArgs(group=self.group, existing=settings.dns_zones, network_id=network.network_id),
            self._options(),
        )
        return PrivateLink(
            f"{self.name}-link",
            PrivateLinkArgs(
                group=self.group,
                stack=self.stack,
                subnet_id=network.endpoint_subnet_id,
                workspace_id=workspace.resource_id,
                storage_id=storage.account_id,
                browser_sign_in=settings.browser_sign_in,
                zones=zones.ids,
            ),
            self._options(),
        )

    def logs(self, days: int, storage: AzureStorage, workspace: AzureWorkspace) -> ActivityLogs:
        return ActivityLogs(
            f"{self.name}-logs",
            ActivityLogsArgs(
                group=self.group,
                log_analytics=naming.log_analytics(self.stack),
                days=days,
                workspace_id=workspace.resource_id,
                storage_id=storage.account_id,
            ),
            self._options(),
        )

    def budget(self, settings: Budget) -> None:
        managed = [] if self.create.serverless else [naming.managed_resource_group(self.workspace_name)]
        subscription = pulumi.Output.from_input(self.group.id).apply(naming.subscription)
        groups = [self.group_name, *managed]
        budget(self.name, naming.budget(self.stack), settings, subscription, groups, self.parent)

    def _options(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.parent)
