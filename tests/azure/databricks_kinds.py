"""Workspaces and access connectors, as Microsoft.Databricks has them."""

from __future__ import annotations

from typing import Any

from tests.azure.error import invalid
from tests.azure.kind import Azure, Kind, Values, guid, within
from tests.azure.vault_kinds import DATABRICKS, confirm_usable

NEVER_SERVERLESS = ("managedResourceGroupId", "parameters", "requiredNsgRules", "accessConnector", "defaultCatalog")
"""`Not allowed in Serverless ComputeMode workspace`, says the specification of each."""
DELEGATE = "Microsoft.Databricks/workspaces"
NETWORK = ("customVirtualNetworkId", "customPublicSubnetName", "customPrivateSubnetName")


def _connector_says(resource_id: str, inputs: Values, azure: Azure) -> Values:
    identity = {"principalId": guid(resource_id), "tenantId": azure.tenant}
    return {"identity": {**inputs.get("identity", {}), **identity}, "properties": {"provisioningState": "Succeeded"}}


def _workspace_defaults(_id: str, inputs: Values, _azure: Azure) -> Values:
    if inputs.get("computeMode") == "Serverless":
        return {"publicNetworkAccess": "Enabled"}
    return {
        "computeMode": "Hybrid",
        "parameters": {"prepareEncryption": {"type": "Bool", "value": False}},
        "publicNetworkAccess": "Enabled",
        "requiredNsgRules": "AllRules",
    }


def _workspace_says(resource_id: str, inputs: Values, azure: Azure) -> Values:
    disks = {"principalId": guid(resource_id, "disks"), "tenantId": azure.tenant, "type": "SystemAssigned"}
    return {
        **({"managedDiskIdentity": disks} if "managedDisk" in _encrypted(inputs) else {}),
        "isUcEnabled": True,
        "provisioningState": "Succeeded",
        "workspaceId": azure.number,
        "workspaceUrl": azure.host,
        "privateEndpointConnections": [],
    }


def _encrypted(inputs: Values) -> Values:
    """What is to be encrypted by keys of one's own, by what it is."""
    return dict(inputs.get("encryption", {}).get("entities", {}))


def _workspace_refuses(resource_id: str, inputs: Values, azure: Azure) -> None:
    _encryption_refuses(resource_id, inputs, azure)
    if inputs.get("computeMode") == "Serverless":
        if told := [name for name in NEVER_SERVERLESS if name in inputs]:
            raise invalid("InvalidParameter", f"{', '.join(told)} not allowed in Serverless ComputeMode workspace.")
        return
    if "managedResourceGroupId" not in inputs:
        raise invalid("InvalidParameter", "managedResourceGroupId is required in Hybrid ComputeMode workspace.")
    network = {name: inputs.get("parameters", {}).get(name, {}).get("value") for name in NETWORK}
    if any(network.values()):
        _network_refuses(network, azure)
    elif inputs.get("requiredNsgRules") == "NoAzureDatabricksRules":
        raise invalid("InvalidParameter", "NoAzureDatabricksRules needs a virtual network of one's own.")


def _encryption_refuses(resource_id: str, inputs: Values, azure: Azure) -> None:
    now, before = _encrypted(inputs), _encrypted(azure.get(resource_id) or {})
    if lost := sorted(before.keys() - now.keys()):
        raise invalid(
            "DiskEncryptionPropertiesRequired", f"Existing encryption of {', '.join(lost)} must be in the PUT request."
        )
    if "managedDisk" in now and inputs.get("computeMode") == "Serverless":
        raise invalid("InvalidParameter", "managedDisk not allowed in Serverless ComputeMode workspace.")
    if "managedServices" in now:
        confirm_usable(now["managedServices"]["keyVaultProperties"], DATABRICKS, azure)


def _network_refuses(network: dict[str, Any], azure: Azure) -> None:
    if lacking := [name for name, value in network.items() if not value]:
        raise invalid("InvalidParameter", f"A workspace in a network of its own needs {', '.join(lacking)} too.")
    for name in NETWORK[1:]:
        subnet = azure.get(f"{network['customVirtualNetworkId']}/subnets/{network[name]}")
        if subnet is None:
            raise invalid("InvalidParameter", f"The subnet '{network[name]}' of {name} could not be found.")
        if DELEGATE not in [each["serviceName"] for each in subnet.get("delegations", [])]:
            raise invalid("InvalidParameter", f"The subnet '{network[name]}' is not delegated to {DELEGATE}.")


KINDS = (
    Kind(
        token="azure-native:databricks:AccessConnector",
        path=within("Microsoft.Databricks/accessConnectors/{connectorName}"),
        replaces=frozenset({"location"}),
        names={"connectorName": "[A-Za-z0-9_-]{3,64}"},
        says=_connector_says,
    ),
    Kind(
        token="azure-native:databricks:Workspace",
        path=within("Microsoft.Databricks/workspaces/{workspaceName}"),
        replaces=frozenset({"location", "computeMode"}),
        names={"workspaceName": "[A-Za-z0-9_-]{3,64}"},
        fills=_workspace_defaults,
        says=_workspace_says,
        refuses=_workspace_refuses,
    ),
)
