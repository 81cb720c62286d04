"""The virtual network that the clusters of a classic workspace are in."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network as azure

from infra import naming
from infra.foundation.azure_group import AzureGroup
from infra.settings.network_schema import Network

DELEGATE = "Microsoft.Databricks/workspaces"


@dataclass(frozen=True, kw_only=True)
class VirtualNetworkArgs:
    """What the network is made from."""

    stack: str
    network: Network
    group: AzureGroup


class VirtualNetwork(pulumi.ComponentResource):
    """A network with two subnets that are Databricks', one for private endpoints, and a NAT gateway as the way out.

    It makes its own half of a peering with a hub; the hub's owner makes the other.
    """

    network_id: pulumi.Output[str]
    host_subnet: pulumi.Output[str]
    """The names of Databricks' two subnets, known once they are there."""
    container_subnet: pulumi.Output[str]
    endpoint_subnet_id: pulumi.Output[str]

    def __init__(self, name: str, args: VirtualNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:VirtualNetwork", name, None, opts)
        network = azure.VirtualNetwork(
            f"{name}-network",
            resource_group_name=args.group.name,
            virtual_network_name=naming.virtual_network(args.stack),
            location=args.group.location,
            address_space=azure.AddressSpaceArgs(address_prefixes=[args.network.address_space]),
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        host, container, endpoints = self._subnets(name, args, network)
        self._peering(name, args, network)
        self.network_id, self.endpoint_subnet_id = network.id, endpoints.id
        self.host_subnet, self.container_subnet = (each.name.apply(str) for each in (host, container))
        self.register_outputs(
            {
                "network_id": self.network_id,
                "host_subnet": self.host_subnet,
                "container_subnet": self.container_subnet,
                "endpoint_subnet_id": self.endpoint_subnet_id,
            }
        )

    def _subnets(self, name: str, args: VirtualNetworkArgs, network: azure.VirtualNetwork) -> list[azure.Subnet]:
        """Host, container and endpoints, one after the other: Azure changes a network once at a time."""
        gateway, rules = self._gateway(name, args), self._rules(name, args)
        made: list[azure.Subnet] = []
        for role, key in (("host", "hostSubnet"), ("container", "containerSubnet"), ("endpoints", "endpointSubnet")):
            databricks = role != "endpoints"
            subnet = azure.Subnet(
                f"{name}-{role}",
                resource_group_name=args.group.name,
                virtual_network_name=network.name,
                subnet_name=naming.within_network(args.stack, role),
                address_prefix=args.network.subnets[key],
                delegations=[azure.DelegationArgs(name="databricks", service_name=DELEGATE)] if databricks else None,
                network_security_group=azure.NetworkSecurityGroupArgs(id=rules.id) if databricks else None,
                nat_gateway=azure.SubResourceArgs(id=gateway.id) if databricks else None,
                # Without it Azure gives machines a way out by addresses of its own.
                default_outbound_access=False,
                opts=pulumi.ResourceOptions(parent=self, depends_on=made[-1:]),
            )
            made.append(subnet)
        return made

    def _gateway(self, name: str, args: VirtualNetworkArgs) -> azure.NatGateway:
        address = azure.PublicIPAddress(
            f"{name}-address",
            resource_group_name=args.group.name,
            public_ip_address_name=naming.within_network(args.stack, "nat-ip"),
            location=args.group.location,
            public_ip_allocation_method=azure.IPAllocationMethod.STATIC,
            sku=azure.PublicIPAddressSkuArgs(name=azure.PublicIPAddressSkuName.STANDARD),
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return azure.NatGateway(
            f"{name}-gateway",
            resource_group_name=args.group.name,
            nat_gateway_name=naming.within_network(args.stack, "nat"),
            location=args.group.location,
            public_ip_addresses=[azure.SubResourceArgs(id=address.id)],
            sku=azure.NatGatewaySkuArgs(name=azure.NatGatewaySkuName.STANDARD),
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _rules(self, name: str, args: VirtualNetworkArgs) -> azure.NetworkSecurityGroup:
        return azure.NetworkSecurityGroup(
            f"{name}-rules",
            resource_group_name=args.group.name,
            network_security_group_name=naming.within_network(args.stack, "nsg"),
            location=args.group.location,
            tags=args.group.tags,
            # Databricks writes what its nodes need into it, and would find it gone.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["securityRules"]),
        )

    def _peering(self, name: str, args: VirtualNetworkArgs, network: azure.VirtualNetwork) -> None:
        if hub := args.network.hub:
            azure.VirtualNetworkPeering(
                f"{name}-peering",
                resource_group_name=args.group.name,
                virtual_network_name=network.name,
                virtual_network_peering_name=naming.within_network(args.stack, "hub"),
                remote_virtual_network=azure.SubResourceArgs(id=hub.id),
                allow_virtual_network_access=True,
                allow_forwarded_traffic=True,
                opts=pulumi.ResourceOptions(parent=self),
            )
