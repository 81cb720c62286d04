"""databricks:index/storageCredential:StorageCredential: the identity by which Unity Catalog reaches a storage."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute
from engine.stand_in.resources.securable import FORCE_DESTROY
from engine.stand_in.resources.storage_securable import storage_securable

CREDENTIALS = "/api/2.1/unity-catalog/storage-credentials"
IDENTITY = {
    "accessConnectorId": Attribute(required=True),
    "managedIdentityId": Attribute(computed=True),
    "credentialId": Attribute(computed=True),
}

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "azureManagedIdentity": Attribute(kind="object", fields=IDENTITY, required=True),
        "comment": Attribute(),
        "forceDestroy": FORCE_DESTROY,
        "isolationMode": Attribute(computed=True),
        "metastoreId": Attribute(computed=True),
        "owner": Attribute(computed=True),
        "readOnly": Attribute(kind="bool"),
        "skipValidation": Attribute(kind="bool", write_only=True),
        "storageCredentialId": Attribute(read_only=True, api="id"),
    }
)

STORAGE_CREDENTIAL = storage_securable(
    "databricks:index/storageCredential:StorageCredential", "storage credential", FACTS, CREDENTIALS
)
