"""The types of Azure resources that the double has, by type."""

from __future__ import annotations

from engine.stand_in.failures import ProviderError
from tests.azure import databricks_kinds, group_kinds, network_kinds, storage_kinds, vault_kinds
from tests.azure.kind import Kind

MODULES = (databricks_kinds, group_kinds, network_kinds, storage_kinds, vault_kinds)
KINDS = {kind.token: kind for module in MODULES for kind in module.KINDS}


def find(name: str) -> Kind:
    """Look up a type; raises ProviderError for one that the double does not have."""
    token = name.rpartition("$")[2]  # below a component the SDK gives the types of all parents, joined by `$`
    if token not in KINDS:
        raise ProviderError(f"the double of Azure does not have {token}: give it to tests/azure, beside those it has")
    return KINDS[token]
