"""databricks:index/vectorSearchIndex:VectorSearchIndex; the provider updates none, it makes another one."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.checks import exactly_one
from engine.stand_in.failures import NotFoundError, ProviderError, Refusal
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update, segment
from engine.stand_in.resources.securable import COUNT, OUTPUT

INDEXES = "/api/2.0/vector-search/indexes"
INTERVAL = 2.0
"""Seconds between two looks at an index that is not ready yet, or not gone yet."""
SPECS = ("deltaSyncIndexSpec", "directAccessIndexSpec")

SOURCE_COLUMN = {
    "name": Attribute(replaces=True),
    "embeddingModelEndpointName": Attribute(replaces=True),
    "modelEndpointNameForQuery": Attribute(replaces=True),
}
VECTOR_COLUMN = {"name": Attribute(replaces=True), "embeddingDimension": Attribute(kind="int", replaces=True)}
COLUMNS = {
    "embeddingSourceColumns": Attribute(kind="list", fields=SOURCE_COLUMN, replaces=True),
    "embeddingVectorColumns": Attribute(kind="list", fields=VECTOR_COLUMN, replaces=True),
}
DIRECT = {**COLUMNS, "schemaJson": Attribute(replaces=True)}
DELTA = {
    **COLUMNS,
    "columnsToSyncs": Attribute(kind="list", replaces=True, api="columns_to_sync"),
    "embeddingWritebackTable": Attribute(replaces=True),
    "pipelineId": OUTPUT,
    "pipelineType": Attribute(replaces=True),
    "sourceTable": Attribute(replaces=True, same=str.casefold),
}
STATUS = {
    "indexUrl": OUTPUT,
    "indexedRowCount": COUNT,
    "message": OUTPUT,
    "ready": Attribute(kind="bool", read_only=True),
}

FACTS = MappingProxyType(
    {
        "name": Attribute(same=str.casefold, replaces=True),
        "endpointName": Attribute(required=True, replaces=True),
        "indexType": Attribute(required=True, replaces=True),
        "primaryKey": Attribute(required=True, replaces=True),
        "directAccessIndexSpec": Attribute(kind="object", fields=DIRECT, replaces=True),
        "deltaSyncIndexSpec": Attribute(kind="object", fields=DELTA, replaces=True),
        # The workspace fills these in, and the provider looks only at what a program sets.
        "endpointId": Attribute(computed=True, replaces=True),
        "indexSubtype": Attribute(computed=True, replaces=True),
        "creator": OUTPUT,
        "statuses": Attribute(kind="list", fields=STATUS, read_only=True, api="status"),
    }
)


def _path(name: str) -> str:
    return f"{INDEXES}/{segment(name)}"


def _create(api: Api, inputs: Values, deadline: Deadline) -> str:
    name = str(inputs["name"])
    api.call("POST", INDEXES, body=body_of(FACTS, inputs))
    try:
        while not _usable(api, name):
            deadline.wait(INTERVAL, f"vector search index {name} did not become ready")
    except ProviderError:
        api.call("DELETE", _path(name))
        raise
    return name


def _usable(api: Api, name: str) -> bool:
    status = api.call("GET", _path(name)).get("status") or {}
    return bool(status.get("ready") or status.get("indexed_row_count"))


def _read(api: Api, name: str, _state: Values) -> Live:
    found = dict(api.call("GET", _path(name)))
    return Live(found | {"status": [found["status"]] if found.get("status") else []})


def _update(_api: Api, update: Update) -> None:
    raise ProviderError(f"the Databricks provider changes no vector search index: {update.id} stays as it is")


def _delete(api: Api, name: str, _state: Values) -> None:
    api.call("DELETE", _path(name))
    try:
        api.call("GET", _path(name))
    except NotFoundError:
        return
    raise ProviderError(f"vector search index {name} is still there after it was deleted: look at it and try again")


def _refuse(inputs: Values) -> Sequence[Refusal]:
    return exactly_one(inputs, SPECS)


VECTOR_SEARCH_INDEX = ResourceType(
    type="databricks:index/vectorSearchIndex:VectorSearchIndex",
    noun="vector search index",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=_refuse,
)
