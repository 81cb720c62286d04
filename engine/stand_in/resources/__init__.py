"""The resource types that the stand-in has, by type."""

from __future__ import annotations

from engine.stand_in.failures import ProviderError
from engine.stand_in.resource_type import ResourceType
from engine.stand_in.resources.catalog import CATALOG
from engine.stand_in.resources.experiment import EXPERIMENT
from engine.stand_in.resources.external_location import EXTERNAL_LOCATION
from engine.stand_in.resources.grant import GRANT
from engine.stand_in.resources.grants import GRANTS
from engine.stand_in.resources.metastore_assignment import METASTORE_ASSIGNMENT
from engine.stand_in.resources.model_serving import MODEL_SERVING
from engine.stand_in.resources.permissions import PERMISSIONS
from engine.stand_in.resources.registered_model import REGISTERED_MODEL
from engine.stand_in.resources.schema import SCHEMA
from engine.stand_in.resources.secret_acl import SECRET_ACL
from engine.stand_in.resources.secret_scope import SECRET_SCOPE
from engine.stand_in.resources.storage_credential import STORAGE_CREDENTIAL
from engine.stand_in.resources.vector_search_endpoint import VECTOR_SEARCH_ENDPOINT
from engine.stand_in.resources.vector_search_index import VECTOR_SEARCH_INDEX
from engine.stand_in.resources.volume import VOLUME
from engine.stand_in.resources.workspace_binding import WORKSPACE_BINDING

TYPES = {
    resource_type.type: resource_type
    for resource_type in (
        CATALOG,
        EXPERIMENT,
        EXTERNAL_LOCATION,
        GRANT,
        GRANTS,
        METASTORE_ASSIGNMENT,
        MODEL_SERVING,
        PERMISSIONS,
        REGISTERED_MODEL,
        SCHEMA,
        SECRET_ACL,
        SECRET_SCOPE,
        STORAGE_CREDENTIAL,
        VECTOR_SEARCH_ENDPOINT,
        VECTOR_SEARCH_INDEX,
        VOLUME,
        WORKSPACE_BINDING,
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
