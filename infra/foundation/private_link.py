"""The private endpoints in the stack's network: to the workspace, for nodes and people, and to the storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network as azure

from infra import naming
from infra.foundation import private_zones
from infra.foundation.azure_group import AzureGroup


@dataclass(frozen=True, kw_only=True)
class PrivateLinkArgs:
    """What the endpoints are made from; `zones` are the ids of the DNS zones."""

    stack: str
    group: AzureGroup
    subnet_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    storage_id: pulumi.Input[str]
    browser_sign_in: bool
    zones: Mapping[str, pulumi.Input[str]]


class PrivateLink(pulumi.ComponentResource):
    """Endpoints to the workspace, to the page where browsers sign in, and to both addresses of the storage.

    That to the workspace is the back, which nodes take, and the front too, for whoever is in the network or joined to
    it.
    """

    def __init__(self, name: str, args: PrivateLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:PrivateLink", name, None, opts)
        for service in ("dfs", "blob"):
            self._endpoint(f"{name}-{service}", args, args.storage_id, service, service)
        workspace = self._endpoint(f"{name}-workspace", args, args.workspace_id, "databricks_ui_api", "databricks")
        if args.browser_sign_in:
            # A workspace takes one change at a time.
            self._endpoint(
                f"{name}-sign-in", args, args.workspace_id, "browser_authentication", "databricks", after=workspace
            )
        self.register_outputs({})

    def _endpoint(
        self,
        name: str,
        args: PrivateLinkArgs,
        target: pulumi.Input[str],
        group: str,
        zone: str,
        after: pulumi.Resource | None = None,
    ) -> azure.PrivateDnsZoneGroup:
        role = name.partition("-")[2]
        endpoint = azure.PrivateEndpoint(
            name,
            resource_group_name=args.group.name,
            private_endpoint_name=naming.within_network(args.stack, role),
            location=args.group.location,
            subnet=azure.SubnetArgs(id=args.subnet_id),
            private_link_service_connections=[
                azure.PrivateLinkServiceConnectionArgs(name=role, private_link_service_id=target, group_ids=[group])
            ],
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after] if after else None),
        )
        return azure.PrivateDnsZoneGroup(
            f"{name}-dns",
            resource_group_name=args.group.name,
            private_endpoint_name=endpoint.name,
            private_dns_zone_group_name="default",
            private_dns_zone_configs=[private_zones.configured(zone, args.zones[zone])],
            opts=pulumi.ResourceOptions(parent=self),
        )
