"""What a resource is called and marked by: a name that is said, and the tags by which a bill and an auditor know it."""

from __future__ import annotations

from types import MappingProxyType

from policy import kinds
from policy.circumstances import Circumstances
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

IN_DATABRICKS = (
    kinds.ENDPOINT,
    kinds.MODEL,
    kinds.CATALOG,
    kinds.SCHEMA,
    kinds.VOLUME,
    kinds.EXPERIMENT,
    kinds.SCOPE,
    kinds.SEARCH_ENDPOINT,
    kinds.SEARCH_INDEX,
    kinds.STORAGE_CREDENTIAL,
    kinds.EXTERNAL_LOCATION,
    kinds.CONNECTIVITY,
)
NAMED = MappingProxyType(
    {
        **dict.fromkeys(IN_DATABRICKS, "name"),
        kinds.GROUP: "resourceGroupName",
        kinds.WORKSPACE: "workspaceName",
        kinds.CONNECTOR: "connectorName",
        kinds.ACCOUNT: "accountName",
        kinds.CONTAINER: "containerName",
        kinds.VAULT: "vaultName",
        kinds.KEY: "keyName",
        kinds.IDENTITY: "resourceName",
        kinds.NETWORK: "virtualNetworkName",
        kinds.SUBNET: "subnetName",
        kinds.PEERING: "virtualNetworkPeeringName",
        kinds.SECURITY_GROUP: "networkSecurityGroupName",
        kinds.GATEWAY: "natGatewayName",
        kinds.ADDRESS: "publicIpAddressName",
        kinds.PRIVATE_ENDPOINT: "privateEndpointName",
        kinds.ZONE_GROUP: "privateDnsZoneGroupName",
        kinds.ZONE: "privateZoneName",
        kinds.ZONE_LINK: "virtualNetworkLinkName",
        kinds.LOGS: "workspaceName",
        kinds.DIAGNOSTICS: "name",
        kinds.BUDGET: "budgetName",
        kinds.LOCK: "lockName",
        kinds.ASSIGNMENT: "roleAssignmentName",
    }
)
"""The input that names a resource in the cloud: where it is left out, the provider adds a random suffix."""
TAGGED = (
    kinds.ENDPOINT,
    kinds.GROUP,
    kinds.WORKSPACE,
    kinds.CONNECTOR,
    kinds.ACCOUNT,
    kinds.VAULT,
    kinds.KEY,
    kinds.IDENTITY,
    kinds.NETWORK,
    kinds.SECURITY_GROUP,
    kinds.GATEWAY,
    kinds.ADDRESS,
    kinds.PRIVATE_ENDPOINT,
    kinds.ZONE,
    kinds.ZONE_LINK,
    kinds.LOGS,
)


@on(*NAMED)
def names_are_explicit(resource: Resource, stack: Circumstances) -> Findings:
    """A name that the provider makes up ends in a random suffix: set one that people can type, from infra/naming.py."""
    name = resource.at(NAMED[resource.kind])
    if name.is_untold:
        yield Untold(name.path)
    elif not name.text:
        yield f"`{NAMED[resource.kind]}` is not set"


@on(*TAGGED)
def required_tags_are_there(resource: Resource, stack: Circumstances) -> Findings:
    """Without them neither a bill nor an auditor finds out whose it is: write them into `rollpin:tags`."""
    tags = resource.at("tags")
    if not stack.protected:
        return
    if tags.is_untold:
        yield Untold(tags.path)
    elif lacking := [name for name in stack.required_tags if not _has(tags, name)]:
        yield f"it lacks the tag{'s' * (len(lacking) > 1)} {', '.join(lacking)}"


def _has(tags: Value, name: str) -> bool:
    """Whether a tag is there and says something; Databricks has them as a list, Azure as a mapping."""
    listed = {each.at("key").text: each.at("value").text for each in tags.items}
    return bool(listed.get(name) or tags.at(name).text)
