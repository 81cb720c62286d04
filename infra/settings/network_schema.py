"""The schema of `platform.create.network`: the virtual network that clusters of a classic workspace are in."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from infra.settings.address_range import AddressRange, quarters
from infra.settings.frozen import YES_NO, Frozen
from infra.settings.platform_rules import ResourceGroupId, VirtualNetworkId

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net"
HUB = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-hub"
RANGE = "a range of addresses, as a text"


class Hub(Frozen):
    """A virtual network that exists, which this one is joined to."""

    id: VirtualNetworkId = Field(description="a virtual network's resource id, as a text", examples=[HUB])
    """The network's resource id. Its owner makes the other half of the peering."""
    address_spaces: tuple[AddressRange, ...] = Field(
        description="a list of ranges of addresses: [10.0.0.0/16]", examples=["[10.0.0.0/16]", "10.0.0.0/16"]
    )
    """The ranges that it has, and those it is joined to: none of them may overlap with the new network's."""


class Network(Frozen):
    """The virtual network of a classic workspace, with private endpoints to the workspace and the storage."""

    address_space: AddressRange = Field(description=RANGE, examples=["10.20.0.0/22"])
    """The network's range, from /16 to /24. Each of its three subnets has a quarter of it, where they say nothing."""
    host_subnet: AddressRange | None = Field(default=None, description=RANGE, examples=["10.20.0.0/24"])
    """Where the nodes of clusters are. Left out: the first quarter."""
    container_subnet: AddressRange | None = Field(default=None, description=RANGE, examples=["10.20.1.0/24"])
    """Where the containers on the nodes are. Left out: the second quarter."""
    endpoint_subnet: AddressRange | None = Field(default=None, description=RANGE, examples=["10.20.2.0/27"])
    """Where the private endpoints are. Left out: the third quarter."""
    public_access: bool = Field(default=True, description=YES_NO, examples=["false"])
    """Whether the workspace is reached from the internet too. Where not, whoever deploys must be in the network."""
    browser_sign_in: bool = Field(default=True, description=YES_NO, examples=["false"])
    """Whether the network has the private endpoint by which browsers sign in: one workspace of a region has it for all
    that share its DNS zone.
    """
    dns_zones: ResourceGroupId | None = Field(
        default=None, description="a resource group's id, as a text", examples=[GROUP]
    )
    """The resource group of the private DNS zones, where these exist. Left out: the stack makes its own."""
    hub: Hub | None = Field(
        default=None,
        description="a mapping with the keys id and addressSpaces",
        examples=[f"{{id: {HUB}, addressSpaces: [10.0.0.0/16]}}"],
    )
    """The network to be joined to. Left out: none."""

    @property
    def subnets(self) -> Mapping[str, str]:
        """The range of each subnet, by the key of its setting."""
        host, container, endpoint, _ = quarters(self.address_space)
        return {
            "hostSubnet": self.host_subnet or host,
            "containerSubnet": self.container_subnet or container,
            "endpointSubnet": self.endpoint_subnet or endpoint,
        }
