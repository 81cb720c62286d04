"""An endpoint of vector search and a direct access index on it, for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.vectorsearch import (
    DirectAccessVectorIndexSpec,
    EmbeddingVectorColumn,
    EndpointType,
    VectorIndexType,
)

COLUMNS = {"id": "integer", "title": "string", "price": "double", "sold": "boolean", "vector": "array<float>"}
SPEC = DirectAccessVectorIndexSpec(
    embedding_vector_columns=[EmbeddingVectorColumn(name="vector", embedding_dimension=2)],
    schema_json=json.dumps(COLUMNS),
)
ROWS = [
    {"id": 1, "title": "red chair", "price": 10.5, "sold": True, "vector": [0.0, 0.0]},
    {"id": 2, "title": "red table", "price": 20.0, "sold": False, "vector": [3.0, 4.0]},
    {"id": 10, "title": "blue chair", "price": 5.0, "sold": False, "vector": [0.0, 1.0]},
]


@pytest.fixture
def endpoint(client: WorkspaceClient, catalog: str) -> Iterator[str]:
    name = f"search-{catalog}"
    client.vector_search_endpoints.create_endpoint_and_wait(name=name, endpoint_type=EndpointType.STANDARD)
    yield name
    for found in list(client.vector_search_indexes.list_indexes(name)):
        client.vector_search_indexes.delete_index(str(found.name))
    client.vector_search_endpoints.delete_endpoint(name)


@pytest.fixture
def index(client: WorkspaceClient, catalog: str, endpoint: str) -> str:
    made = client.vector_search_indexes.create_index(
        f"{catalog}.default.docs", endpoint, "id", VectorIndexType.DIRECT_ACCESS, direct_access_index_spec=SPEC
    )
    client.vector_search_indexes.upsert_data_vector_index(str(made.name), json.dumps(ROWS))
    return str(made.name)
