"""The schema of `platform.create`: a whole Azure platform, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from infra.settings.budget_schema import Budget
from infra.settings.customer_keys_schema import APPLICATION, CustomerManagedKeys
from infra.settings.frozen import YES_NO, Frozen
from infra.settings.identity_schema import APPLICATION as PRINCIPAL
from infra.settings.identity_schema import GROUP, Group, Identity
from infra.settings.network_schema import Network
from infra.settings.platform_rules import AccountId, Destination, GroupName, IdentityName
from infra.settings.value_rules import (
    LocationName,
    MetastoreId,
    ResourceGroupName,
    StorageAccountName,
    WorkspaceName,
)

METASTORE = "11111111-2222-3333-4444-555555555555"
ACCOUNT = "22222222-3333-4444-5555-666666666666"
CREATE = f"{{location: westeurope, storageAccount: mlprodlake, metastoreId: {METASTORE}}}"


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
    compute: Literal["serverless", "classic"] = Field(
        default="classic", description="`serverless` or `classic`", examples=["serverless"]
    )
    """What the workspace computes on: machines of Databricks' alone, or clusters in the subscription too.
    It cannot be changed later. See [platform.md](platform.md).
    """
    account_id: AccountId | None = Field(
        default=None, description="the id of the Databricks account, as a text", examples=[ACCOUNT]
    )
    """The Databricks account, in which the network of serverless compute is set. Left out: none, for a classic
    workspace whose storage is open.
    """
    network: Network | None = Field(
        default=None,
        description="a mapping with the key addressSpace",
        examples=["{addressSpace: 10.20.0.0/22}"],
    )
    """The virtual network of a classic workspace. It cannot be added later. Left out: Databricks makes one, and the
    storage is open.
    """
    egress: tuple[Destination, ...] = Field(
        default=(), description="a list of hosts: [pypi.org]", examples=["[pypi.org]", "pypi.org"]
    )
    """The hosts in the internet that serverless compute may reach, served models among it."""
    resource_group: ResourceGroupName | None = Field(
        default=None, description="a resource group's name, as a text", examples=["rg-ml-prod"]
    )
    """The name of the resource group. Left out: `rg-rollpin-<stack>`."""
    workspace: WorkspaceName | None = Field(
        default=None, description="a workspace's name, as a text", examples=["dbw-ml-prod"]
    )
    """The name of the workspace. Left out: `dbw-rollpin-<stack>`."""
    lock: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether Azure refuses to delete anything in the resource group. Left out: as `rollpin:protect`."""
    soft_delete_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=30, description="a whole number from 1 to 365", examples=[30]
    )
    """Days in which deleted files and containers of the storage can be restored."""
    customer_managed_keys: CustomerManagedKeys | None = Field(
        default=None,
        description="a mapping with the keys keyVault and databricks",
        examples=[f"{{keyVault: kv-ml-prod, databricks: {APPLICATION}}}"],
    )
    """A key of the stack's own that the platform's data is encrypted by. A workspace that has one keeps it: it may be
    another key later, and not Azure's. Left out: Azure's.
    """
    isolated: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether other workspaces of the metastore are kept out of the catalogs that the stack creates, and of its storage
    credential and external location.
    """
    log_days: Annotated[int, Field(ge=30, le=730)] | None = Field(
        default=None, description="a whole number from 30 to 730", examples=[90]
    )
    """Days that logs are kept of who did what in the workspace and with the storage. Left out: none are collected."""
    budget: Budget | None = Field(
        default=None,
        description="a mapping with the keys amount, since and notify",
        examples=["{amount: 800, since: 2026-12, notify: [ml@example.com]}"],
    )
    """What the platform may cost a month. Left out: nobody is told."""

    identities: Mapping[IdentityName, Identity] = Field(
        default={},
        description="a mapping of names to service principals: {rollpin-prod: {applicationId: …}}",
        examples=[f"{{rollpin-prod: {{applicationId: {PRINCIPAL}}}}}", f"{{applicationId: {PRINCIPAL}}}"],
    )
    """The service principals of workflows that the account is told of and that are let into the workspace, by the names
    that they have there. It takes `accountId`.
    """
    groups: Mapping[GroupName, Group] = Field(
        default={},
        description="a mapping of names to groups: {chatbot-users: {objectId: …}}",
        examples=[f"{{chatbot-users: {{objectId: {GROUP}}}}}", f"{{objectId: {GROUP}}}"],
    )
    """The groups of Entra that the account is told of and that are let into the workspace, by their names. It takes
    `accountId`.
    """

    @property
    def serverless(self) -> bool:
        """Whether the workspace has no clusters, and with them no network and no managed resource group."""
        return self.compute == "serverless"

    @property
    def introduced(self) -> frozenset[str]:
        """Everybody whom the stack itself makes known to the workspace, as its access lists name them."""
        return frozenset(self.groups) | {each.application_id for each in self.identities.values()}

    @property
    def private(self) -> bool:
        """Whether the storage is closed to all networks but those that the stack makes a way from."""
        return self.serverless or self.network is not None

    def locked(self, protect: bool) -> bool:
        """Whether the resource group has a lock, in a stack that is protected or not."""
        return protect if self.lock is None else self.lock
