"""Networks and private endpoints, as Microsoft.Network has them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from tests.azure.error import invalid
from tests.azure.kind import Azure, Kind, Values, guid, within

NETWORK = within("Microsoft.Network/virtualNetworks/{virtualNetworkName}")
ENDPOINT = within("Microsoft.Network/privateEndpoints/{privateEndpointName}")
ZONE = within("Microsoft.Network/privateDnsZones/{privateZoneName}")
LONG = r"[A-Za-z0-9]([\w.-]{0,78}\w)?"
SHORT = r"[A-Za-z0-9][\w.-]{0,62}\w"
SMALLEST = 29
"""Azure keeps five addresses of each subnet; one of /29 has three that are free."""


def _subnet_refuses(resource_id: str, inputs: Values, azure: Azure) -> None:
    network = azure.get(resource_id.partition("/subnets/")[0]) or {}
    prefix, name = inputs["addressPrefix"], inputs["subnetName"]
    mine = ipaddress.ip_network(prefix)
    spaces = [ipaddress.ip_network(each) for each in network["addressSpace"]["addressPrefixes"]]
    if not any(mine.subnet_of(each) for each in spaces):  # type: ignore[arg-type]
        where = f"its IP address range is outside the IP address range of virtual network '{network['name']}'"
        raise invalid("NetcfgInvalidSubnet", f"Subnet '{name}' is not valid because {where}.")
    if mine.prefixlen > SMALLEST:
        raise invalid("NetcfgInvalidSubnet", f"Subnet '{name}' is not valid: {prefix} is too small.")
    for other in azure.below(resource_id.rpartition("/")[0]).values():
        theirs = ipaddress.ip_network(other["addressPrefix"])
        if other["name"].lower() != name.lower() and mine.overlaps(theirs):
            raise invalid(
                "NetcfgSubnetRangesOverlap", f"Subnet '{name}' is not valid in virtual network '{network['name']}'."
            )


def _gateway_refuses(_id: str, inputs: Values, azure: Azure) -> None:
    for each in inputs.get("publicIpAddresses", []):
        if (azure.get(each["id"]) or {}).get("sku", {}).get("name") != "Standard":
            raise invalid("PublicIPAddressMustBeStandardSku", f"{each['id']} is not of the Standard SKU.")


def _endpoint_refuses(_id: str, inputs: Values, azure: Azure) -> None:
    services = {
        "microsoft.storage/storageaccounts": {"blob", "dfs", "file", "queue", "table", "web"},
        "microsoft.databricks/workspaces": {"databricks_ui_api", "browser_authentication"},
    }
    for each in inputs.get("privateLinkServiceConnections", []):
        target = str((azure.get(each["privateLinkServiceId"]) or {}).get("type", "")).lower()
        if strange := set(each["groupIds"]) - services.get(target, set()):
            raise invalid("InvalidGroupId", f"{', '.join(sorted(strange))} is no group of {target}.")


def _made(**also: object) -> Callable[[str, Values, Azure], Values]:
    return lambda resource_id, _inputs, _azure: {
        "provisioningState": "Succeeded",
        "etag": f'W/"{guid(resource_id)}"',
        **also,
    }


def _in_zone(resource_id: str, _inputs: Values, _azure: Azure) -> Values:
    # The one location that zones have, in the casing that Azure gives it.
    return {"location": "global", "etag": guid(resource_id), "provisioningState": "Succeeded"}


KINDS = (
    Kind(
        token="azure-native:network:VirtualNetwork",
        path=NETWORK,
        replaces=frozenset({"location"}),
        names={"virtualNetworkName": SHORT},
        fills=lambda *_: {"enableDdosProtection": False, "privateEndpointVNetPolicies": "Disabled"},
        says=_made(),
    ),
    Kind(
        token="azure-native:network:Subnet",
        path=f"{NETWORK}/subnets/{{subnetName}}",
        names={"subnetName": LONG},
        fills=lambda *_: {
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
        },
        says=_made(),
        refuses=_subnet_refuses,
    ),
    Kind(
        token="azure-native:network:NetworkSecurityGroup",
        path=within("Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}"),
        names={"networkSecurityGroupName": LONG},
        fills=lambda *_: {"securityRules": []},
        says=lambda *_: {"networkInterfaces": [], "subnets": []},
    ),
    Kind(
        token="azure-native:network:PublicIPAddress",
        path=within("Microsoft.Network/publicIPAddresses/{publicIpAddressName}"),
        replaces=frozenset({"location", "publicIPAddressVersion", "publicIPPrefix", "sku"}),
        names={"publicIpAddressName": LONG},
        fills=lambda *_: {"publicIPAddressVersion": "IPv4", "idleTimeoutInMinutes": 4},
        says=_made(ipAddress="203.0.113.7"),
    ),
    Kind(
        token="azure-native:network:NatGateway",
        path=within("Microsoft.Network/natGateways/{natGatewayName}"),
        names={"natGatewayName": LONG},
        fills=lambda *_: {"idleTimeoutInMinutes": 4},
        says=_made(),
        refuses=_gateway_refuses,
    ),
    Kind(
        token="azure-native:network:VirtualNetworkPeering",
        path=f"{NETWORK}/virtualNetworkPeerings/{{virtualNetworkPeeringName}}",
        names={"virtualNetworkPeeringName": LONG},
        fills=lambda *_: {"allowGatewayTransit": False, "useRemoteGateways": False},
        says=_made(peeringState="Initiated"),
    ),
    Kind(
        token="azure-native:network:PrivateEndpoint",
        path=ENDPOINT,
        replaces=frozenset({"subnet"}),
        names={"privateEndpointName": SHORT},
        says=_made(customDnsConfigs=[]),
        refuses=_endpoint_refuses,
    ),
    Kind(
        token="azure-native:network:PrivateDnsZoneGroup",
        path=f"{ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}",
        names={"privateDnsZoneGroupName": LONG},
        says=_made(),
    ),
    Kind(
        token="azure-native:privatedns:PrivateZone",
        path=ZONE,
        names={"privateZoneName": r"([A-Za-z0-9_-]{1,63}\.){1,33}[A-Za-z0-9_-]{1,63}"},
        says=_in_zone,
    ),
    Kind(
        token="azure-native:privatedns:VirtualNetworkLink",
        path=f"{ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}",
        names={"virtualNetworkLinkName": LONG},
        fills=lambda *_: {"resolutionPolicy": "Default"},
        says=lambda *words: {**_in_zone(*words), "virtualNetworkLinkState": "Completed"},
    ),
)
