"""databricks:index/externalLocation:ExternalLocation: a place in a storage that Unity Catalog may use."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute
from engine.stand_in.resources.securable import COUNT, FORCE_DESTROY, OUTPUT, without_slash
from engine.stand_in.resources.storage_securable import storage_securable

LOCATIONS = "/api/2.1/unity-catalog/external-locations"

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "url": Attribute(same=without_slash, required=True),
        "credentialName": Attribute(same=str.casefold, required=True),
        "comment": Attribute(),
        "fallback": Attribute(kind="bool"),
        "forceDestroy": FORCE_DESTROY,
        "isolationMode": Attribute(computed=True),
        "metastoreId": Attribute(computed=True),
        "owner": Attribute(computed=True),
        "readOnly": Attribute(kind="bool"),
        "skipValidation": Attribute(kind="bool", write_only=True),
        "createdAt": COUNT,
        "createdBy": OUTPUT,
        "credentialId": OUTPUT,
        "updatedAt": COUNT,
        "updatedBy": OUTPUT,
    }
)

EXTERNAL_LOCATION = storage_securable(
    "databricks:index/externalLocation:ExternalLocation", "external location", FACTS, LOCATIONS
)
