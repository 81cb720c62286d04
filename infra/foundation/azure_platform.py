"""The Azure platform of a stack that creates its own: resource group, storage, workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import resources

from infra import naming
from infra.foundation.activity_logs import ActivityLogs, ActivityLogsArgs
from infra.foundation.azure_storage import AzureStorage, AzureStorageArgs
from infra.foundation.azure_workspace import AzureWorkspace, AzureWorkspaceArgs
from infra.foundation.private_link import PrivateLink, PrivateLinkArgs
from infra.foundation.private_zones import PrivateZones, PrivateZonesArgs
from infra.foundation.resource_lock import lock
from infra.foundation.spending import budget
from infra.foundation.virtual_network import VirtualNetwork, VirtualNetworkArgs
from infra.retention import kept
from infra.settings.budget_schema import Budget
from infra.settings.create_schema import Create
from infra.settings.network_schema import Network


@dataclass(frozen=True, kw_only=True)
class AzurePlatformArgs:
    """What the platform is made from."""

    stack: str
    create: Create
    tags: Mapping[str, str]
    protect: bool


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
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=args.create.resource_group or naming.resource_group(args.stack),
            location=args.create.location,
            tags=args.tags,
            opts=kept(self, protect=args.protect),
        )
        network = self._network(name, args, group)
        storage, workspace = self._storage(name, args, group), self._workspace(name, args, group, network)
        made: list[pulumi.Resource] = [storage, workspace]
        if network and args.create.network:
            made += [network, self._private_link(name, args, group, args.create.network, network, storage, workspace)]
        if args.create.log_days:
            made.append(self._logs(name, args, group, args.create.log_days, storage, workspace))
        if args.create.budget:
            self._budget(name, args, group, args.create.budget)
        if args.create.locked(args.protect):
            lock(name, group.name, naming.lock(args.stack), self, made)
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

    def _storage(self, name: str, args: AzurePlatformArgs, group: resources.ResourceGroup) -> AzureStorage:
        return AzureStorage(
            f"{name}-storage",
            AzureStorageArgs(
                resource_group_name=group.name,
                location=args.create.location,
                account=args.create.storage_account,
                connector=naming.access_connector(args.stack),
                soft_delete_days=args.create.soft_delete_days,
                private=args.create.private,
                tags=args.tags,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _network(self, name: str, args: AzurePlatformArgs, group: resources.ResourceGroup) -> VirtualNetwork | None:
        if args.create.network is None:
            return None
        return VirtualNetwork(
            f"{name}-network",
            VirtualNetworkArgs(
                stack=args.stack,
                network=args.create.network,
                resource_group_name=group.name,
                location=args.create.location,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _logs(
        self,
        name: str,
        args: AzurePlatformArgs,
        group: resources.ResourceGroup,
        days: int,
        storage: AzureStorage,
        workspace: AzureWorkspace,
    ) -> ActivityLogs:
        return ActivityLogs(
            f"{name}-logs",
            ActivityLogsArgs(
                resource_group_name=group.name,
                location=args.create.location,
                log_analytics=naming.log_analytics(args.stack),
                days=days,
                workspace_id=workspace.resource_id,
                storage_id=storage.account_id,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _budget(self, name: str, args: AzurePlatformArgs, group: resources.ResourceGroup, settings: Budget) -> None:
        own = args.create.resource_group or naming.resource_group(args.stack)
        workspace = args.create.workspace or naming.workspace(args.stack)
        managed = [] if args.create.compute == "serverless" else [naming.managed_resource_group(workspace)]
        budget(name, naming.budget(args.stack), settings, group.id.apply(naming.subscription), [own, *managed], self)

    def _private_link(
        self,
        name: str,
        args: AzurePlatformArgs,
        group: resources.ResourceGroup,
        settings: Network,
        network: VirtualNetwork,
        storage: AzureStorage,
        workspace: AzureWorkspace,
    ) -> PrivateLink:
        zones = PrivateZones(
            f"{name}-zones",
            PrivateZonesArgs(
                existing=settings.dns_zones,
                resource_group_name=group.name,
                network_id=network.network_id,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return PrivateLink(
            f"{name}-link",
            PrivateLinkArgs(
                stack=args.stack,
                resource_group_name=group.name,
                location=args.create.location,
                subnet_id=network.endpoint_subnet_id,
                workspace_id=workspace.resource_id,
                storage_id=storage.account_id,
                browser_sign_in=settings.browser_sign_in,
                zones=zones.ids,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _workspace(
        self,
        name: str,
        args: AzurePlatformArgs,
        group: resources.ResourceGroup,
        network: VirtualNetwork | None,
    ) -> AzureWorkspace:
        return AzureWorkspace(
            f"{name}-workspace",
            AzureWorkspaceArgs(
                resource_group_name=group.name,
                resource_group_id=group.id,
                location=args.create.location,
                workspace=args.create.workspace or naming.workspace(args.stack),
                serverless=args.create.compute == "serverless",
                network=network,
                public_access=args.create.network is None or args.create.network.public_access,
                tags=args.tags,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )
