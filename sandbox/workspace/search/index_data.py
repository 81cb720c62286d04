"""What is written to a direct access index, and taken out of it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Query

from sandbox.workspace.api.bodies import Body, router
from sandbox.workspace.api.errors import invalid
from sandbox.workspace.search import index_rows
from sandbox.workspace.search.index_columns import direct
from sandbox.workspace.search.index_records import find_index
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here

routes = router("/api/2.0/vector-search/indexes/{name}")
LARGEST = 10 * 1024 * 1024
"""Bytes of one upsert, as Databricks limits it."""


class Upsert(Body):
    """Rows as JSON in JSON."""

    inputs_json: str


class Deletion(Body):
    """The keys of rows, as Databricks' client of vector search sends them."""

    primary_keys: list[str | int]


@routes.post("/upsert-data")
def upsert(here: Here, name: str, body: Upsert) -> Document:
    """Put rows in place of those with the same keys: all of them, or none where one does not fit."""
    columns = direct(find_index(here, name))
    rows = {}
    for row in map(columns.check_row, _read(body.inputs_json)):
        rows[str(row[columns.key])] = row
    with here.documents.transaction():
        find_index(here, name)
        index_rows.write(here.documents, columns.index, rows)
    return _done(len(rows))


@routes.delete("/delete-data")
def delete(
    here: Here,
    name: str,
    primary_keys: Annotated[list[str] | None, Query()] = None,
    body: Deletion | None = None,
) -> Document:
    """Take rows out by their keys."""
    columns = direct(find_index(here, name))
    keys = primary_keys or [str(key) for key in (body.primary_keys if body else [])]
    if not keys:
        raise invalid("primary_keys is required.")
    return _done(index_rows.remove(here.documents, columns.index, keys))


def _read(inputs_json: str) -> list[Any]:
    if len(inputs_json.encode()) > LARGEST:
        raise invalid(f"inputs_json: at most {LARGEST} bytes at once.")
    try:
        found = json.loads(inputs_json)
    except (ValueError, RecursionError):
        raise invalid("inputs_json: it is no JSON.") from None
    if not isinstance(found, list):
        raise invalid("inputs_json: it is a list of rows.")
    return found


def _done(count: int) -> Document:
    return {"status": "SUCCESS", "result": {"success_row_count": count, "failed_primary_keys": []}}
