"""The resource types that the stand-in has, by type."""

from __future__ import annotations

from sandbox.provider.failures import ProviderError
from sandbox.provider.resource_type import ResourceType
from sandbox.provider.resources.catalog import CATALOG
from sandbox.provider.resources.experiment import EXPERIMENT
from sandbox.provider.resources.grant import GRANT
from sandbox.provider.resources.grants import GRANTS
from sandbox.provider.resources.model_serving import MODEL_SERVING
from sandbox.provider.resources.permissions import PERMISSIONS
from sandbox.provider.resources.registered_model import REGISTERED_MODEL
from sandbox.provider.resources.schema import SCHEMA

TYPES = {
    resource_type.type: resource_type
    for resource_type in (
        CATALOG,
        EXPERIMENT,
        GRANT,
        GRANTS,
        MODEL_SERVING,
        PERMISSIONS,
        REGISTERED_MODEL,
        SCHEMA,
    )
}


def find(name: str) -> ResourceType:
    """Look up a resource type; raises ProviderError for one that the stand-in does not have."""
    name = name.rpartition("$")[2]  # below a component the SDK gives the types of all parents, joined by `$`
    if name not in TYPES:
        raise ProviderError(
            f"the stand-in provider of the local stack does not have {name}; it has {', '.join(sorted(TYPES))}. "
            "The released plugin has all: pulumi plugin install resource databricks"
        )
    return TYPES[name]
