"""databricks:index/storageCredential:StorageCredential: the identity by which Unity Catalog reaches a storage."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import FORCE_DESTROY, settle

CREDENTIALS = "/api/2.1/unity-catalog/storage-credentials"
SETTLED_LATER = ("owner", "isolationMode")
"""What the API takes in an update alone."""
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


def _path(name: str) -> str:
    return f"{CREDENTIALS}/{segment(name)}"


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    later = {name: inputs[name] for name in SETTLED_LATER if name in inputs}
    first = {name: value for name, value in inputs.items() if name not in (*later, "forceDestroy", "metastoreId")}
    name = str(api.call("POST", CREDENTIALS, body=body_of(FACTS, first))["name"])
    if later:
        api.call("PATCH", _path(name), body=body_of(FACTS, later))
    return name


def _read(api: Api, name: str, _state: Values) -> Live:
    return Live(api.call("GET", _path(name)))


def _update(api: Api, update: Update) -> None:
    settle(api, _path(update.id), FACTS, update)


def _delete(api: Api, name: str, state: Values) -> None:
    api.call("DELETE", _path(name), query={"force": bool(state.get("forceDestroy"))})


STORAGE_CREDENTIAL = ResourceType(
    type="databricks:index/storageCredential:StorageCredential",
    noun="storage credential",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
)
