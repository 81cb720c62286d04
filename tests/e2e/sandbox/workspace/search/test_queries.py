"""What a direct access index answers, asked by Databricks' SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotImplemented


def found(client: WorkspaceClient, index: str, **more: Any) -> list[list[Any]]:
    asked = {"columns": ["id"], "query_vector": [0.0, 0.0], **more}
    answer = client.vector_search_indexes.query_index(index, **asked)
    assert answer.result
    rows: list[list[Any]] = answer.result.data_array or []
    assert answer.result.row_count == len(rows)
    return rows


def ids(client: WorkspaceClient, index: str, filters: dict[str, Any]) -> list[int]:
    return [row[0] for row in found(client, index, filters_json=json.dumps(filters))]


def test_the_nearest_rows_come_first_with_the_score_that_databricks_defines(
    client: WorkspaceClient, index: str
) -> None:
    assert found(client, index) == [[1, 1.0], [10, 0.5], [2, pytest.approx(1 / 26)]]


def test_the_answer_names_the_columns_that_were_asked_for_and_the_score(client: WorkspaceClient, index: str) -> None:
    answer = client.vector_search_indexes.query_index(index, ["title", "price"], query_vector=[0, 1], num_results=1)
    assert answer.manifest
    assert [column.name for column in answer.manifest.columns or []] == ["title", "price", "score"]
    assert (answer.manifest.column_count, answer.next_page_token) == (3, None)
    assert answer.result
    assert answer.result.data_array == [["blue chair", 5.0, 1.0]]


def test_no_more_rows_come_than_were_asked_for_and_none_below_the_threshold(
    client: WorkspaceClient, index: str
) -> None:
    assert [row[0] for row in found(client, index, num_results=2)] == [1, 10]
    assert [row[0] for row in found(client, index, score_threshold=0.4)] == [1, 10]


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        ({"id": 10}, [10]),
        ({"id": [1, 2, 3]}, [1, 2]),
        ({"id NOT": 10}, [1, 2]),
        ({"id NOT": [1, 2]}, [10]),
        ({"price <": 10.5}, [10]),
        ({"price <=": 10.5}, [1, 10]),
        ({"price >": 10.5}, [2]),
        ({"price >=": 10.5, "sold": False}, [2]),
        ({"title LIKE": "chair"}, [1, 10]),
        ({"title LIKE": "cha"}, []),
        ({"title OR id": ["red chair", 2]}, [1, 2]),
        ({"sold": True}, [1]),
        ({"sold": 1}, []),
        ({"title >": 5}, []),
    ],
)
def test_filters_let_pass_what_databricks_lets_pass(
    client: WorkspaceClient, index: str, filters: dict[str, Any], passing: list[int]
) -> None:
    assert sorted(ids(client, index, filters)) == passing


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"query_vector": [1.0]}, "has vectors of 2 numbers, found 1"),
        ({"query_vector": None}, "query_vector is required"),
        ({"columns": ["colour"]}, "Requested columns are not in index"),
        ({"filters_json": "{"}, "it is no JSON"),
        ({"filters_json": '{"colour": "red"}'}, "the index has no column 'colour'"),
        ({"filters_json": '{"id BETWEEN": 5}'}, "'BETWEEN' in 'id BETWEEN' is none of NOT"),
        ({"filters_json": '{"id OR title": 5}'}, "a list with a value for each of its 2 columns"),
        ({"num_results": 10_001}, "num_results"),
        ({"query_type": "NEAR"}, "query_type: ANN, HYBRID or FULL_TEXT"),
    ],
)
def test_what_databricks_refuses_is_refused(
    client: WorkspaceClient, index: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises((InvalidParameterValue, BadRequest), match=words):
        found(client, index, **more)


@pytest.mark.parametrize(
    "more",
    [
        {"query_text": "a chair", "query_vector": None},
        {"query_type": "HYBRID", "query_text": "a chair"},
        {"facets": ["title"]},
        {"sort_columns": ["price ASC"]},
    ],
)
def test_what_the_sandbox_cannot_answer_it_says_and_does_not_answer_otherwise(
    client: WorkspaceClient, index: str, more: dict[str, Any]
) -> None:
    with pytest.raises(NotImplemented, match="The sandbox does not have"):
        found(client, index, **more)


def test_an_empty_index_answers_with_no_rows(client: WorkspaceClient, index: str) -> None:
    client.vector_search_indexes.delete_data_vector_index(index, ["1", "2", "10"])
    assert found(client, index) == []


def test_a_scan_gives_all_rows_in_the_order_of_their_keys(client: WorkspaceClient, index: str) -> None:
    first = client.vector_search_indexes.scan_index(index, num_results=2)
    assert first.last_primary_key == "2"
    second = client.vector_search_indexes.scan_index(index, last_primary_key="2", num_results=2)
    rows = [
        {str(field.key): field.value for field in row.fields or []}
        for row in [*(first.data or []), *(second.data or [])]
    ]
    assert [row["id"].number_value for row in rows if row["id"]] == [1, 2, 10]
    assert rows[2]["title"]
    assert rows[2]["title"].string_value == "blue chair"
