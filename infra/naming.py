"""What things are called in the cloud: pure functions, and the only place that makes up a name.

Every name is set explicitly: left alone, the Databricks provider would add a random suffix.
"""

from __future__ import annotations

import hashlib
import re
import uuid

CONTAINER = "unity-catalog"
ACCOUNT = "https://accounts.azuredatabricks.net"
"""Where all Databricks accounts of Azure's public cloud are reached."""
MOST_CONNECTIVITY = 30
"""Characters of a network connectivity configuration's name."""
BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Azure's built-in role Storage Blob Data Contributor, the same in every subscription."""

KEY_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Azure's built-in role Key Vault Crypto Service Encryption User: to wrap and unwrap by a key, and nothing more."""
KEY = "rollpin"
"""What the key is called in its vault."""

ROLES = uuid.UUID("6f2f5d2a-5a0e-4b0f-9d2c-3f1f6a7c9e11")
"""The namespace of this program's role assignments, whose names must be UUIDs."""

MOST_NETWORK = 64
"""Characters of the name of a virtual network or a private endpoint; what else belongs to one may have more."""

MOST_IDENTITY = 128
"""Characters of the name of a user-assigned identity."""

MOST_BUDGET = 63
"""Characters of a budget's name, and of that of a workspace of Log Analytics."""


def full_name(catalog: str, schema: str, model: str) -> str:
    """Name a registered model as Unity Catalog does: `catalog.schema.model`."""
    return f"{catalog}.{schema}.{model}"


def served_entity(model: str, version: int) -> str:
    """Name a served entity by its version, so that a standby flip changes only routes."""
    return f"{model}-v{version}"


def experiment(stack: str, model: str) -> str:
    """Name an experiment that nobody named, directly below /Shared: Databricks wants the folder to exist."""
    return f"/Shared/rollpin-{stack}-{model}"


def inference_table_prefix(endpoint: str) -> str:
    """Prefix an endpoint's inference table so that SQL needs no backticks for it."""
    return endpoint.replace("-", "_")


def invocations_url(workspace_url: str, endpoint: str) -> str:
    """Address of an endpoint's predictions."""
    return f"{workspace_url}/serving-endpoints/{endpoint}/invocations"


def key_vault_address(resource_id: str) -> str:
    """Address of a Key Vault, by its resource id."""
    return f"https://{resource_id.rpartition('/')[2]}.vault.azure.net/"


def resource_group(stack: str) -> str:
    """Name the stack's resource group."""
    return f"rg-rollpin-{stack}"


def workspace(stack: str) -> str:
    """Name the stack's workspace; a stack's name may hold a period, a workspace's may not."""
    return f"dbw-rollpin-{_dashed(stack)}"


def workspace_id(host: str) -> str | None:
    """Number of a workspace, which is in the address that Azure gives it; None in any other one."""
    found = re.match(r"https://adb-([0-9]+)\.[0-9]+\.azuredatabricks\.net$", host)
    return found[1] if found else None


def access_connector(stack: str) -> str:
    """Name the access connector, the identity by which Unity Catalog reaches the storage."""
    return f"dbac-rollpin-{_dashed(stack)}"


def storage_identity(stack: str) -> str:
    """Name the identity by which the storage uses the stack's own key."""
    return _short(f"id-rollpin-{_dashed(stack)}-storage", MOST_IDENTITY)


def lock(stack: str) -> str:
    """Name the lock on the stack's resource group."""
    return f"lock-rollpin-{_dashed(stack)}"


def virtual_network(stack: str) -> str:
    """Name the stack's virtual network."""
    return _short(f"vnet-rollpin-{_dashed(stack)}", MOST_NETWORK)


def within_network(stack: str, role: str) -> str:
    """Name what belongs to the stack's virtual network by what it is for: `nat`, `dfs`."""
    return f"{_short(f'rollpin-{_dashed(stack)}', MOST_NETWORK - len(role) - 1)}-{role}"


def log_analytics(stack: str) -> str:
    """Name the workspace of Log Analytics; it may hold no underscore, and ends in a letter or digit."""
    return _short(f"log-rollpin-{_dashed(stack).replace('_', '-').strip('-')}".rstrip("-"), MOST_BUDGET)


def budget(stack: str) -> str:
    """Name the budget: unique in the subscription."""
    return _short(f"budget-rollpin-{_dashed(stack)}", MOST_BUDGET)


def managed_resource_group(workspace: str) -> str:
    """Name the resource group that Databricks makes and fills itself."""
    return f"{workspace}-managed"


def subscription(resource_id: str) -> str:
    """Id of the subscription that a resource is in."""
    return "/".join(resource_id.split("/")[:3])


def connectivity(stack: str) -> str:
    """Name the network connectivity configuration: unique in a Databricks account's region."""
    return _short(f"ncc-rollpin-{_dashed(stack)}", MOST_CONNECTIVITY)


def network_policy(stack: str) -> str:
    """Name the network policy: unique in the Databricks account."""
    return _short(f"np-rollpin-{_dashed(stack)}", MOST_CONNECTIVITY)


def managed_resource_group_id(resource_group_id: str, workspace: str) -> str:
    """Id of the resource group that Databricks makes and fills itself, beside the stack's own."""
    beside, _, _ = resource_group_id.partition("/resourceGroups/")
    return f"{beside}/resourceGroups/{managed_resource_group(workspace)}"


def role_definition_id(resource_id: str, role: str) -> str:
    """Id of a built-in role in the subscription of a resource."""
    return f"{subscription(resource_id)}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def role_assignment(scope: str, principal: str, role: str) -> str:
    """Name a role assignment: the same UUID for the same scope, principal and role."""
    return str(uuid.uuid5(ROLES, f"{scope}|{principal}|{role}"))


def metastore_object(stack: str, storage_account: str) -> str:
    """Name a storage credential or external location: unique in a metastore that many workspaces share."""
    return f"rollpin-{_dashed(stack)}-{storage_account}"


def storage_url(storage_account: str) -> str:
    """Address of the container that holds Unity Catalog's managed data."""
    return f"abfss://{CONTAINER}@{storage_account}.dfs.core.windows.net/"


def catalog_root(storage_url: str, catalog: str) -> str:
    """Address of one catalog's managed data."""
    return f"{storage_url.rstrip('/')}/{catalog}"


def _dashed(stack: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stack)


def _short(name: str, most: int) -> str:
    """Cut a name that is too long, and end it by what tells it from others that begin alike."""
    if len(name) <= most:
        return name
    return f"{name[: most - 7]}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
