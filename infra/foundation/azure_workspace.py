"""The Databricks workspace on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import databricks

from infra import naming
from infra.retention import kept


@dataclass(frozen=True, kw_only=True)
class AzureWorkspaceArgs:
    """What the workspace is made from."""

    resource_group_name: pulumi.Input[str]
    resource_group_id: pulumi.Input[str]
    location: pulumi.Input[str]
    workspace: str
    tags: Mapping[str, str]
    protect: bool


class AzureWorkspace(pulumi.ComponentResource):
    """A premium workspace, for only those have access control, in a network that Databricks makes itself.

    Its nodes have no public address; its front door is open to the internet, behind Entra's sign-in.
    """

    url: pulumi.Output[str]
    """The workspace's address, with `https://`."""
    resource_id: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    """The number by which the Databricks account knows the workspace."""

    def __init__(self, name: str, args: AzureWorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:AzureWorkspace", name, None, opts)
        workspace = databricks.Workspace(
            f"{name}-workspace",
            resource_group_name=args.resource_group_name,
            workspace_name=args.workspace,
            location=args.location,
            sku=databricks.SkuArgs(name="premium"),
            compute_mode=databricks.ComputeMode.HYBRID,
            # Databricks makes this group and refuses one that exists.
            managed_resource_group_id=pulumi.Output.from_input(args.resource_group_id).apply(
                lambda group: naming.managed_resource_group_id(group, args.workspace)
            ),
            parameters=databricks.WorkspaceCustomParametersArgs(
                enable_no_public_ip=databricks.WorkspaceNoPublicIPBooleanParameterArgs(value=True)
            ),
            # Without a private link, which needs a network of one's own, Azure takes only these two together.
            public_network_access=databricks.PublicNetworkAccess.ENABLED,
            required_nsg_rules=databricks.RequiredNsgRules.ALL_RULES,
            tags=args.tags,
            opts=kept(self, protect=args.protect),
        )
        self.url = workspace.workspace_url.apply(lambda host: f"https://{host}")
        self.resource_id = workspace.id
        self.workspace_id = workspace.workspace_id
        self.register_outputs({"url": self.url, "resource_id": self.resource_id, "workspace_id": self.workspace_id})
