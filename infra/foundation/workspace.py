"""The workspace that a stack lives in: named by the environment, adopted, or created with its platform."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.foundation.azure_platform import AzurePlatform, AzurePlatformArgs
from infra.foundation.identity import People, PeopleArgs, WorkflowIdentity, WorkflowIdentityArgs
from infra.foundation.metastore import Metastore, MetastoreArgs
from infra.foundation.serverless_network import ServerlessNetwork, ServerlessNetworkArgs
from infra.proof import signing_in
from infra.proof.claims import Claims
from infra.settings import printable
from infra.settings.create_schema import Create
from infra.settings.schema import Settings


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A workspace, and how its resources get there."""

    url: pulumi.Input[str]
    id: pulumi.Input[str] | None = None
    """Its number in the Databricks account; None where its address does not tell."""
    resource_id: pulumi.Input[str] | None = None
    """Its id in Azure; None where the environment names the workspace."""
    provider: pulumi.ProviderResource | None = None
    """None where the environment names the workspace: the engine's own provider reaches it then."""
    storage_root: pulumi.Output[str] | None = None
    isolated: bool = False
    """Whether other workspaces of the metastore are kept out of the stack's catalogs."""
    after: Sequence[pulumi.Resource] = ()
    """What Unity Catalog's objects wait for."""

    def options(self) -> pulumi.ResourceOptions:
        """Fresh options for a component in this workspace."""
        return pulumi.ResourceOptions(providers=[self.provider] if self.provider else None)


def workspace(settings: Settings, stack: str, address: str | None, claims: Claims) -> Workspace:
    """The workspace at `address`, or one that is created with all that it stands on, if the names are free."""
    platform = settings.platform
    if platform and platform.create:
        return _created(settings, platform.create, stack, address, claims)
    if not (platform and platform.adopt):
        return Workspace(url=address or "")
    host, resource_id = platform.adopt.host, platform.adopt.resource_id
    return Workspace(
        url=host, id=naming.workspace_id(host), resource_id=resource_id, provider=_provider(host, resource_id)
    )


def _created(settings: Settings, create: Create, stack: str, address: str | None, claims: Claims) -> Workspace:
    platform = AzurePlatform(
        "platform",
        AzurePlatformArgs(stack=stack, create=create, tags=settings.tags, protect=settings.protect, claims=claims),
    )
    pinned = any(model.deployed for model in settings.models.values())
    url = platform.url.apply(lambda url: _asked(url, address)) if pinned else platform.url
    provider = _provider(url, platform.resource_id)
    if create.account_id:
        _in_account(create, create.account_id, stack, platform, protect=settings.protect)
    metastore = Metastore(
        "metastore",
        MetastoreArgs(
            name=naming.metastore_object(stack, create.storage_account),
            metastore_id=create.metastore_id,
            workspace_id=platform.workspace_id,
            connector_id=platform.connector_id,
            storage_url=platform.storage_url,
            isolated=create.isolated,
            protect=settings.protect,
        ),
        pulumi.ResourceOptions(providers=[provider]),
    )
    return Workspace(
        url=url,
        id=platform.workspace_id,
        resource_id=platform.resource_id,
        provider=provider,
        storage_root=metastore.storage_root,
        isolated=create.isolated,
        after=[metastore],
    )


def _in_account(create: Create, account_id: str, stack: str, platform: AzurePlatform, *, protect: bool) -> None:
    """What of the workspace is made in the Databricks account: its network, and who gets in."""
    account = databricks.Provider("account", host=naming.ACCOUNT, account_id=account_id)
    if create.private:
        _serverless_network(create, account_id, stack, platform, account)
    for name, identity in create.identities.items():
        WorkflowIdentity(
            name,
            WorkflowIdentityArgs(
                account_id=account_id, identity=identity, workspace_id=platform.workspace_id, protect=protect
            ),
            pulumi.ResourceOptions(providers=[account]),
        )
    for name, group in create.groups.items():
        People(
            name,
            PeopleArgs(group=group, workspace_id=platform.workspace_id, protect=protect),
            pulumi.ResourceOptions(providers=[account]),
        )


def _serverless_network(
    create: Create, account_id: str, stack: str, platform: AzurePlatform, account: databricks.Provider
) -> None:
    ServerlessNetwork(
        "network",
        ServerlessNetworkArgs(
            account_id=account_id,
            connectivity=naming.connectivity(stack),
            policy=naming.network_policy(stack),
            location=create.location,
            egress=create.egress,
            workspace_id=platform.workspace_id,
            storage_id=platform.storage_id,
        ),
        pulumi.ResourceOptions(providers=[account]),
    )


def _provider(host: pulumi.Input[str], resource_id: pulumi.Input[str]) -> pulumi.ProviderResource:
    """A provider of one workspace; its credentials come from the environment."""
    by_azure = signing_in.by_azure(os.environ)
    found: pulumi.ProviderResource = databricks.Provider(
        "workspace", host=host, azure_workspace_resource_id=resource_id if by_azure else None
    )
    return found


def _asked(url: str, address: str | None) -> str:
    """Refuse pins that were looked up in another workspace than the one that this stack creates."""
    if url != address:
        host = printable.line(str(address))
        raise pulumi.RunError(
            f"The pins were looked up at {host}, where DATABRICKS_HOST or the last run says that the workspace is. "
            f"This stack's workspace is {url}.\n"
            f"  mend:    export DATABRICKS_HOST={url}"
        )
    return url
