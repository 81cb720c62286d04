"""Endpoints and indexes of vector search: made, changed and removed, by Databricks' SDK."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound, NotImplemented, ResourceAlreadyExists
from databricks.sdk.service.catalog import PermissionsChange, Privilege
from databricks.sdk.service.vectorsearch import (
    DeltaSyncVectorIndexSpecRequest,
    EmbeddingSourceColumn,
    EmbeddingVectorColumn,
    EndpointStatusState,
    EndpointType,
    PipelineType,
    UpsertDataStatus,
    VectorIndexType,
    VectorSearchEndpointAccessControlRequest,
    VectorSearchEndpointPermissionLevel,
)

from sandbox.home import Home
from tests.e2e.sandbox.workspace.search.conftest import ROWS, SPEC

TOO_WIDE = EmbeddingVectorColumn(name="vector", embedding_dimension=4097)
DIRECT, DELTA = VectorIndexType.DIRECT_ACCESS, VectorIndexType.DELTA_SYNC
SYNC = DeltaSyncVectorIndexSpecRequest(
    source_table="main.default.docs",
    pipeline_type=PipelineType.TRIGGERED,
    embedding_source_columns=[EmbeddingSourceColumn(name="text", embedding_model_endpoint_name="embedder")],
)


def test_an_endpoint_is_online_at_once_and_counts_its_indexes(
    client: WorkspaceClient, endpoint: str, index: str
) -> None:
    found = client.vector_search_endpoints.get_endpoint(endpoint)
    assert found.endpoint_status
    assert (found.endpoint_status.state, found.num_indexes) == (EndpointStatusState.ONLINE, 1)
    assert endpoint in {each.name for each in client.vector_search_endpoints.list_endpoints()}
    assert [each.name for each in client.vector_search_indexes.list_indexes(endpoint)] == [index]


def test_an_index_is_ready_with_what_it_was_made_from_and_its_rows(client: WorkspaceClient, index: str) -> None:
    found = client.vector_search_indexes.get_index(index.upper())
    assert found.status
    assert (found.name, found.primary_key, found.index_type) == (index, "id", DIRECT)
    assert (found.status.ready, found.status.indexed_row_count, found.status.message) == (True, len(ROWS), None)
    assert found.direct_access_index_spec
    assert (found.direct_access_index_spec.as_dict(), found.delta_sync_index_spec) == (SPEC.as_dict(), None)
    assert str(found.status.index_url).endswith(f"/api/2.0/vector-search/indexes/{index}")


def test_a_row_takes_the_place_of_the_one_with_its_key(client: WorkspaceClient, index: str) -> None:
    changed = client.vector_search_indexes.upsert_data_vector_index(index, json.dumps([{"id": 1, "vector": [9, 9]}]))
    assert (changed.status, changed.result and changed.result.success_row_count) == (UpsertDataStatus.SUCCESS, 1)
    answer = client.vector_search_indexes.query_index(index, ["id", "title"], query_vector=[9, 9], num_results=1)
    assert answer.result
    assert answer.result.data_array == [[1, None, 1.0]]


def test_only_rows_that_are_there_are_counted_as_deleted(client: WorkspaceClient, index: str) -> None:
    gone = client.vector_search_indexes.delete_data_vector_index(index, ["1", "77"])
    assert (gone.result and gone.result.success_row_count) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"vector": [0, 0]}, "a row has no id, the primary key"),
        ({"id": 5}, "row 5: vector: it is a list of numbers"),
        ({"id": 5, "vector": [0]}, "has vectors of 2 numbers, found 1"),
        ({"id": 5, "vector": [0, 0], "colour": "red"}, "has no column colour"),
        ({"id": 5, "vector": [0, 0], "price": "dear"}, "price is of the type double, found a str"),
        ({"id": True, "vector": [0, 0]}, "id is of the type integer, found a bool"),
        ([], "each row is an object"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_none_is_written(
    client: WorkspaceClient, index: str, row: Any, words: str
) -> None:
    sent = json.dumps([{"id": 4, "vector": [0, 0]}, row])
    with pytest.raises(InvalidParameterValue, match=words):
        client.vector_search_indexes.upsert_data_vector_index(index, sent)
    status = client.vector_search_indexes.get_index(index).status
    assert status
    assert status.indexed_row_count == len(ROWS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_json": "{"}, "schema_json: it is no JSON"),
        ({"schema_json": '{"id": "integer"}'}, "no column vector of the type array<double> or array<float>"),
        ({"schema_json": '{"id": "uuid"}'}, "column id is of the type 'uuid'"),
        ({"schema_json": '{"key": "integer", "vector": "array<float>"}'}, "no column id, the primary key"),
        ({"embedding_vector_columns": []}, "a direct access index has one, found 0"),
        ({"embedding_vector_columns": [TOO_WIDE]}, "embedding_dimension"),
    ],
)
def test_an_index_that_cannot_be_is_refused(
    client: WorkspaceClient, catalog: str, endpoint: str, change: dict[str, Any], words: str
) -> None:
    spec = replace(SPEC, **change)
    with pytest.raises((InvalidParameterValue, BadRequest), match=words):
        client.vector_search_indexes.create_index(
            f"{catalog}.default.odd", endpoint, "id", DIRECT, direct_access_index_spec=spec
        )
    assert list(client.vector_search_indexes.list_indexes(endpoint)) == []


def test_what_is_there_already_and_what_is_not_are_told_apart(
    client: WorkspaceClient, catalog: str, endpoint: str, index: str
) -> None:
    indexes = client.vector_search_indexes
    with pytest.raises(ResourceAlreadyExists):
        indexes.create_index(index, endpoint, "id", DIRECT, direct_access_index_spec=SPEC)
    with pytest.raises(NotFound):
        indexes.create_index(f"{catalog}.nowhere.docs", endpoint, "id", DIRECT, direct_access_index_spec=SPEC)
    with pytest.raises(NotFound):
        indexes.create_index(f"{catalog}.default.more", "nowhere", "id", DIRECT, direct_access_index_spec=SPEC)
    with pytest.raises(ResourceAlreadyExists):
        client.vector_search_endpoints.create_endpoint(endpoint, EndpointType.STANDARD)


def test_an_endpoint_with_an_index_is_not_deleted(client: WorkspaceClient, endpoint: str, index: str) -> None:
    with pytest.raises(BadRequest, match=f"has indexes: {index}"):
        client.vector_search_endpoints.delete_endpoint(endpoint)
    assert client.vector_search_indexes.get_index(index).name == index


def test_a_later_index_of_the_same_name_has_none_of_the_rows_and_grants(
    client: WorkspaceClient, endpoint: str, index: str
) -> None:
    change = PermissionsChange(principal="account users", add=[Privilege.SELECT])
    client.grants.update("table", index, changes=[change])
    client.vector_search_indexes.delete_index(index)
    with pytest.raises(NotFound):
        client.vector_search_indexes.get_index(index)
    client.vector_search_indexes.create_index(index, endpoint, "id", DIRECT, direct_access_index_spec=SPEC)
    answer = client.vector_search_indexes.query_index(index, ["id"], query_vector=[0, 0])
    assert (answer.result and answer.result.data_array) == []
    assert not client.grants.get("table", index).privilege_assignments


def test_an_index_is_a_table_of_unity_catalog_with_grants_of_its_own(
    client: WorkspaceClient, catalog: str, index: str
) -> None:
    table = client.tables.get(index)
    assert (table.full_name, table.owner) == (index, "admin@sandbox.local")
    assert [each.full_name for each in client.tables.list(catalog, "default")] == [index]
    client.grants.update("table", index, changes=[PermissionsChange(principal="account users", add=[Privilege.SELECT])])
    held = client.grants.get("table", index).privilege_assignments or []
    assert [(each.principal, each.privileges) for each in held] == [("account users", [Privilege.SELECT])]
    with pytest.raises(InvalidParameterValue, match="Privilege EXECUTE is not applicable"):
        client.grants.update(
            "table", index, changes=[PermissionsChange(principal="account users", add=[Privilege.EXECUTE])]
        )
    with pytest.raises(NotFound, match="does not exist"):
        client.tables.get(f"{catalog}.default.nothing")


def test_a_schema_with_an_index_is_deleted_only_by_force_and_takes_it_along(
    client: WorkspaceClient, catalog: str, index: str
) -> None:
    with pytest.raises(BadRequest, match="1 tables"):
        client.schemas.delete(f"{catalog}.default")
    client.schemas.delete(f"{catalog}.default", force=True)
    with pytest.raises(NotFound):
        client.vector_search_indexes.get_index(index)


def test_an_endpoint_has_permissions(client: WorkspaceClient, endpoint: str) -> None:
    identity = str(client.vector_search_endpoints.get_endpoint(endpoint).id)
    entry = VectorSearchEndpointAccessControlRequest(
        group_name="users", permission_level=VectorSearchEndpointPermissionLevel.CAN_USE
    )
    client.vector_search_endpoints.update_permissions(identity, access_control_list=[entry])
    held = client.vector_search_endpoints.get_permissions(identity).access_control_list or []
    assert "users" in {each.group_name for each in held}


def test_a_delta_sync_index_is_ready_and_says_that_it_does_not_sync(
    client: WorkspaceClient, catalog: str, endpoint: str
) -> None:
    name = f"{catalog}.default.synced"
    client.vector_search_indexes.create_index(name, endpoint, "id", DELTA, delta_sync_index_spec=SYNC)
    found = client.vector_search_indexes.get_index(name)
    assert found.status
    assert (found.status.ready, found.status.indexed_row_count) == (True, 0)
    assert "does not sync" in str(found.status.message)
    assert found.delta_sync_index_spec
    assert found.delta_sync_index_spec.source_table == SYNC.source_table
    for ask in (
        lambda: client.vector_search_indexes.sync_index(name),
        lambda: client.vector_search_indexes.query_index(name, ["id"], query_text="a chair"),
    ):
        with pytest.raises(NotImplemented, match="does not sync"):
            ask()
    with pytest.raises(InvalidParameterValue, match="no direct access index"):
        client.vector_search_indexes.upsert_data_vector_index(name, "[]")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source_table": "docs"}, "source_table"),
        ({"pipeline_type": None}, "pipeline_type"),
        ({"embedding_source_columns": None}, "embedding_source_columns or embedding_vector_columns"),
        ({"embedding_source_columns": [EmbeddingSourceColumn(name="text")]}, "embedding_model_endpoint_name"),
    ],
)
def test_a_delta_sync_index_without_what_it_takes_is_refused(
    client: WorkspaceClient, catalog: str, endpoint: str, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidParameterValue, match=words):
        client.vector_search_indexes.create_index(
            f"{catalog}.default.odd", endpoint, "id", DELTA, delta_sync_index_spec=replace(SYNC, **change)
        )


def test_databricks_client_of_vector_search_finds_the_ways_that_it_goes(
    home: Home, catalog: str, endpoint: str, index: str
) -> None:
    api = httpx.Client(base_url=f"{home.url}/api/2.0/vector-search", headers={"Authorization": f"Bearer {home.token}"})
    asked = {"columns": ["id"], "query_vector": [0, 0], "num_results": 1, "filters_json": None, "debug_level": 0}
    answer = api.request("GET", f"/indexes/{index}/query", json=asked)
    assert (answer.status_code, answer.json()["result"]["data_array"]) == (200, [[1, 1.0]])
    gone = api.request("DELETE", f"/indexes/{index}/delete-data", json={"primary_keys": [1]})
    assert (gone.status_code, gone.json()["result"]["success_row_count"]) == (200, 1)
    body = {"name": f"{catalog}.default.more", "index_type": "DIRECT_ACCESS", "primary_key": "id"}
    made = api.post(f"/endpoints/{endpoint}/indexes", json={**body, "direct_access_index_spec": SPEC.as_dict()})
    assert (made.status_code, made.json()["endpoint_name"]) == (200, endpoint)
    assert len(api.get(f"/endpoints/{endpoint}/indexes").json()["vector_indexes"]) == 2
    assert api.delete(f"/endpoints/{endpoint}/indexes/{body['name']}").status_code == 200
    api.close()
