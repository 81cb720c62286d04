"""The DNS zones by which names lead to private endpoints: the stack's own, or those that exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_azure_native import network as azure
from pulumi_azure_native import privatedns

from infra.foundation.azure_group import AzureGroup

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "databricks": "privatelink.azuredatabricks.net",
        "dfs": "privatelink.dfs.core.windows.net",
        "blob": "privatelink.blob.core.windows.net",
    }
)
"""The zones of Azure's public cloud, by what is found in them."""


@dataclass(frozen=True, kw_only=True)
class PrivateZonesArgs:
    """What the zones are made from; `existing` is the id of the resource group that has them."""

    existing: str | None
    group: AzureGroup
    network_id: pulumi.Input[str]


class PrivateZones(pulumi.ComponentResource):
    """Each zone, linked to the network. It links none that exist: whoever keeps them says who asks them."""

    ids: Mapping[str, pulumi.Input[str]]
    """The id of each zone, by what is found in it."""

    def __init__(self, name: str, args: PrivateZonesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:PrivateZones", name, None, opts)
        if args.existing:
            below = f"{args.existing}/providers/Microsoft.Network/privateDnsZones"
            self.ids = {key: f"{below}/{zone}" for key, zone in ZONES.items()}
        else:
            self.ids = {key: self._zone(f"{name}-{key}", zone, args) for key, zone in ZONES.items()}
        self.register_outputs({"ids": self.ids})

    def _zone(self, name: str, zone: str, args: PrivateZonesArgs) -> pulumi.Output[str]:
        made = privatedns.PrivateZone(
            name,
            resource_group_name=args.group.name,
            private_zone_name=zone,
            location="Global",
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        link = privatedns.VirtualNetworkLink(
            f"{name}-link",
            resource_group_name=args.group.name,
            private_zone_name=made.name,
            virtual_network_link_name="rollpin",
            location="Global",
            registration_enabled=False,
            virtual_network=privatedns.SubResourceArgs(id=args.network_id),
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.all(made.id, link.id).apply(lambda ids: str(ids[0]))


def configured(key: str, zone_id: pulumi.Input[str]) -> azure.PrivateDnsZoneConfigArgs:
    """How an endpoint names the zone that it writes its address into."""
    return azure.PrivateDnsZoneConfigArgs(name=ZONES[key].replace(".", "-"), private_dns_zone_id=zone_id)
