"""The Azure platform of a stack that creates its own: resource group, storage, workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import resources

from infra import naming
from infra.foundation.azure_storage import AzureStorage, AzureStorageArgs
from infra.foundation.azure_workspace import AzureWorkspace, AzureWorkspaceArgs
from infra.retention import kept
from infra.settings.platform_schema import Create


@dataclass(frozen=True, kw_only=True)
class AzurePlatformArgs:
    """What the platform is made from."""

    stack: str
    create: Create
    tags: Mapping[str, str]
    protect: bool


class AzurePlatform(pulumi.ComponentResource):
    """A resource group with the storage and the workspace in it.

    It makes no network and no identities beside the access connector's.
    """

    url: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    storage_url: pulumi.Output[str]
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
        storage, workspace = self._storage(name, args, group), self._workspace(name, args, group)
        self.url, self.resource_id, self.workspace_id = workspace.url, workspace.resource_id, workspace.workspace_id
        self.storage_url, self.connector_id = storage.url, storage.connector_id
        self.register_outputs(
            {
                "url": self.url,
                "resource_id": self.resource_id,
                "workspace_id": self.workspace_id,
                "storage_url": self.storage_url,
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
                tags=args.tags,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _workspace(self, name: str, args: AzurePlatformArgs, group: resources.ResourceGroup) -> AzureWorkspace:
        return AzureWorkspace(
            f"{name}-workspace",
            AzureWorkspaceArgs(
                resource_group_name=group.name,
                resource_group_id=group.id,
                location=args.create.location,
                workspace=args.create.workspace or naming.workspace(args.stack),
                tags=args.tags,
                protect=args.protect,
            ),
            pulumi.ResourceOptions(parent=self),
        )
