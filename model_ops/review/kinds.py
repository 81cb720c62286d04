"""What people call each type of resource that a stack is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

IN_DATABRICKS: Mapping[str, str] = MappingProxyType(
    {
        "AccountNetworkPolicy": "network policy",
        "Catalog": "catalog",
        "ExternalLocation": "external location",
        "Grant": "grant",
        "Grants": "grants",
        "Group": "group",
        "MetastoreAssignment": "metastore assignment",
        "MlflowExperiment": "experiment",
        "ModelServing": "serving endpoint",
        "MwsNccBinding": "network of the workspace's serverless compute",
        "MwsNccPrivateEndpointRule": "private endpoint of serverless compute",
        "MwsNetworkConnectivityConfig": "network connectivity configuration",
        "MwsPermissionAssignment": "who gets into the workspace",
        "Permissions": "permissions",
        "RegisteredModel": "registered model",
        "Schema": "schema",
        "SecretAcl": "access to a secret scope",
        "SecretScope": "secret scope",
        "ServicePrincipal": "service principal",
        "ServicePrincipalFederationPolicy": "trust of a service principal in a job",
        "StorageCredential": "storage credential",
        "VectorSearchEndpoint": "vector search endpoint",
        "VectorSearchIndex": "vector search index",
        "Volume": "volume",
        "WorkspaceBinding": "binding to the workspace",
        "WorkspaceNetworkOption": "network policy of the workspace",
    }
)
"""By the last word of the type's token."""
IN_AZURE: Mapping[str, str] = MappingProxyType(
    {
        "authorization:ManagementLockAtResourceGroupLevel": "lock on the resource group",
        "authorization:RoleAssignment": "role assignment",
        "consumption:Budget": "budget",
        "databricks:AccessConnector": "access connector",
        "databricks:Workspace": "workspace",
        "keyvault:Key": "key",
        "keyvault:Vault": "Key Vault",
        "managedidentity:UserAssignedIdentity": "managed identity",
        "monitor:DiagnosticSetting": "diagnostic setting",
        "network:NatGateway": "NAT gateway",
        "network:NetworkSecurityGroup": "network security group",
        "network:PrivateDnsZoneGroup": "DNS zone group",
        "network:PrivateEndpoint": "private endpoint",
        "network:PublicIPAddress": "public IP address",
        "network:Subnet": "subnet",
        "network:VirtualNetwork": "virtual network",
        "network:VirtualNetworkPeering": "peering",
        "operationalinsights:Workspace": "Log Analytics workspace",
        "privatedns:PrivateZone": "private DNS zone",
        "privatedns:VirtualNetworkLink": "link of a private DNS zone",
        "resources:ResourceGroup": "resource group",
        "storage:BlobContainer": "storage container",
        "storage:BlobServiceProperties": "blob settings",
        "storage:StorageAccount": "storage account",
    }
)
"""By the module too: two of them have a `Workspace`."""


def in_words(token: str) -> str:
    """Call a type of resources as people do; one that is not known by the last word of its token."""
    provider, _, rest = re.sub(r"/v\d{8}(preview)?(?=:)", "", token).partition(":")
    last = token.rpartition(":")[2]
    return IN_AZURE.get(rest, last) if provider == "azure-native" else IN_DATABRICKS.get(last, last)
