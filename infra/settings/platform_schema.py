"""The schema of `platform`: a workspace that exists, or a whole Azure platform to create."""

from __future__ import annotations

from pydantic import Field

from infra.settings.frozen import Frozen
from infra.settings.value_rules import (
    LocationName,
    MetastoreId,
    ResourceGroupName,
    StorageAccountName,
    WorkspaceHost,
    WorkspaceId,
    WorkspaceName,
)

HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
WORKSPACE = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.Databricks"
    "/workspaces/ml-prod"
)
ADOPT = f"{{host: {HOST}, resourceId: {WORKSPACE}}}"
METASTORE = "11111111-2222-3333-4444-555555555555"
CREATE = f"{{location: westeurope, storageAccount: mlprodlake, metastoreId: {METASTORE}}}"


class Adopt(Frozen):
    """A workspace that exists."""

    host: WorkspaceHost = Field(description="the workspace's address, as a text", examples=[HOST])
    """The workspace's address."""
    resource_id: WorkspaceId = Field(description="the workspace's resource id, as a text", examples=[WORKSPACE])
    """The workspace's Azure resource id."""


class Create(Frozen):
    """A whole Azure platform to create; names that are left out come from the stack's."""

    location: LocationName = Field(description="an Azure region, as a text", examples=["westeurope"])
    """The Azure region."""
    storage_account: StorageAccountName = Field(
        description="a storage account's name, as a text", examples=["mlprodlake"]
    )
    """The name of the storage account; it is unique in all of Azure."""
    metastore_id: MetastoreId = Field(
        description="the id of the region's Unity Catalog metastore, as a text", examples=[METASTORE]
    )
    """The region's Unity Catalog metastore, which is assigned to the new workspace."""
    resource_group: ResourceGroupName | None = Field(
        default=None, description="a resource group's name, as a text", examples=["rg-ml-prod"]
    )
    """The name of the resource group. Left out: `rg-rollpin-<stack>`."""
    workspace: WorkspaceName | None = Field(
        default=None, description="a workspace's name, as a text", examples=["dbw-ml-prod"]
    )
    """The name of the workspace. Left out: `dbw-rollpin-<stack>`."""


class Platform(Frozen):
    """Where the stack lives: exactly one of the two."""

    adopt: Adopt | None = Field(
        default=None, description="a mapping with the keys host and resourceId", examples=[ADOPT]
    )
    """A workspace that exists. Left out: none."""
    create: Create | None = Field(
        default=None, description="a mapping with the keys location, storageAccount and metastoreId", examples=[CREATE]
    )
    """A platform to create. Left out: none."""
