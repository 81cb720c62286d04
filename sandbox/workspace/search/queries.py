"""Queries of a direct access index: every row is looked at, and the score is the one that Databricks defines."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from sandbox.workspace.api.bodies import Body, router
from sandbox.workspace.api.errors import absent, invalid
from sandbox.workspace.search import filters, index_rows
from sandbox.workspace.search.index_columns import Columns, direct
from sandbox.workspace.search.index_records import find_index
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace

routes = router("/api/2.0/vector-search/indexes/{name}")
MOST = 10_000
"""Rows of an answer."""
SCORE = "score"
_UNKNOWN = (
    *("columns_to_rerank", "facets", "filter_string", "query_columns", "reranker", "sort_columns"),
    *("query_experiment_config", "query_source"),
)


class Query(Body):
    """What a query is made of; `debug_level` changes nothing here."""

    columns: list[str]
    query_vector: list[float] | None = None
    query_text: str | None = None
    query_type: str | None = None
    num_results: int = Field(default=10, ge=1, le=MOST)
    score_threshold: float | None = None
    filters_json: str | None = None
    filter_string: str | None = None
    debug_level: int | None = None
    columns_to_rerank: list[str] | None = None
    facets: list[str] | None = None
    query_columns: list[str] | None = None
    reranker: dict[str, Any] | None = None
    sort_columns: list[str] | None = None
    query_experiment_config: dict[str, Any] | None = None
    query_source: Any = None


class Scan(Body):
    """What a scan is made of."""

    last_primary_key: str | None = None
    num_results: int = Field(default=10, ge=1, le=MOST)
    endpoint_name: str | None = None


@routes.post("/query")
@routes.get("/query")  # Databricks' client of vector search sends a body with GET
def query_index(here: Here, name: str, body: Query) -> Document:
    """Give the rows whose vectors are nearest, the nearest first."""
    columns = _columns(here, name)
    for field in _UNKNOWN:
        if getattr(body, field):
            raise absent(f"{field} in queries")
    vector = _vector(body, columns)
    if strange := [column for column in body.columns if column not in columns.types]:
        raise invalid(f"Requested columns are not in index {name}: {', '.join(strange)}.")
    found = _nearest(here, columns, vector, body)
    names = [*body.columns, SCORE]
    rows = [[*(row.get(column) for column in body.columns), score] for row, score in found]
    return {
        "manifest": {"column_count": len(names), "columns": [{"name": column} for column in names]},
        "result": {"row_count": len(rows), "data_array": rows},
    }


@routes.post("/query-next-page")
def query_next_page(here: Here, name: str) -> Document:
    """Say that there is none: all rows of a query come at once."""
    find_index(here, name)
    raise invalid("page_token: no query here gives one out, its rows come all at once.")


@routes.post("/scan")
@routes.get("/scan")
def scan_index(here: Here, name: str, body: Scan) -> Document:
    """Give rows in the order of their keys, from behind the last one that was given."""
    columns = _columns(here, name)
    rows = index_rows.read(here.documents, columns.index, columns.key, columns.vector).rows
    start = 0
    if body.last_primary_key is not None:
        places = [place for place, row in enumerate(rows) if str(row[columns.key]) == body.last_primary_key]
        if not places:
            raise invalid(f"last_primary_key: index {name} has no row {body.last_primary_key[:80]!r}.")
        start = places[0] + 1
    part = rows[start : start + body.num_results]
    data = [{"fields": [{"key": key, "value": _value(value)} for key, value in row.items()]} for row in part]
    return {"data": data, **({"last_primary_key": str(part[-1][columns.key])} if part else {})}


def _columns(here: Workspace, name: str) -> Columns:
    index = find_index(here, name)
    if index["index_type"] == "DELTA_SYNC":
        raise absent(f"tables, and does not sync: there is nothing in index {name} that could answer")
    return direct(index)


def _vector(body: Query, columns: Columns) -> list[float]:
    kind = (body.query_type or "ANN").upper()
    if kind not in {"ANN", "HYBRID", "FULL_TEXT"}:
        raise invalid(f"query_type: ANN, HYBRID or FULL_TEXT, found {kind[:40]!r}.")
    if kind != "ANN":
        raise absent(f"queries of the type {kind}; it has ANN")
    if body.query_text is not None and body.query_vector is None:
        raise absent("embeddings of its own: send query_vector instead of query_text")
    if body.query_vector is None:
        raise invalid("query_vector is required for a direct access index.")
    columns.check_vector(body.query_vector, "query_vector")
    return body.query_vector


def _nearest(here: Workspace, columns: Columns, vector: list[float], body: Query) -> list[tuple[Document, float]]:
    held = index_rows.read(here.documents, columns.index, columns.key, columns.vector)
    passes = filters.parse(body.filters_json, columns.types)
    if not held.rows:
        return []
    distances = ((held.vectors - np.array(vector)) ** 2).sum(axis=1)
    scores = 1 / (1 + distances)
    least = body.score_threshold or 0.0
    places = [place for place in np.argsort(-scores, kind="stable") if scores[place] >= least]
    found = ((held.rows[place], float(scores[place])) for place in places if passes(held.rows[place]))
    return [pair for pair, _ in zip(found, range(body.num_results), strict=False)]


def _value(value: Any) -> Document:
    match value:
        case bool():
            return {"bool_value": value}
        case int() | float():
            return {"number_value": value}
        case list():
            return {"list_value": {"values": [_value(each) for each in value]}}
        case _:
            return {"string_value": value} if value is not None else {}
