"""What an index is made from, and what Databricks refuses of it."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field

from sandbox.workspace.api.bodies import Body
from sandbox.workspace.api.errors import ApiError, absent, invalid

SCALARS = frozenset({"integer", "long", "short", "float", "double", "boolean", "string", "date", "timestamp"})
ARRAYS = frozenset({"array<float>", "array<double>"})
WIDEST = 4096
"""Numbers in a vector."""
MOST_COLUMNS = 50


class SourceColumn(Body):
    """A column of text that a model endpoint turns into vectors."""

    name: str | None = None
    embedding_model_endpoint_name: str | None = None
    model_endpoint_name_for_query: str | None = None


class VectorColumn(Body):
    """A column of vectors."""

    name: str
    embedding_dimension: int = Field(ge=1, le=WIDEST)


class DirectAccessSpec(Body):
    """An index that is written and read by its clients."""

    embedding_source_columns: list[SourceColumn] | None = None
    embedding_vector_columns: list[VectorColumn] | None = None
    columns_json: str | None = Field(default=None, alias="schema_json")  # pydantic has a `schema_json` of its own


class DeltaSyncSpec(Body):
    """An index that follows a table."""

    source_table: str | None = None
    pipeline_type: Literal["TRIGGERED", "CONTINUOUS"] | None = None
    embedding_source_columns: list[SourceColumn] | None = None
    embedding_vector_columns: list[VectorColumn] | None = None
    columns_to_sync: list[str] | None = None
    columns_to_index: list[str] | None = None
    embedding_writeback_table: str | None = None


class IndexCreate(Body):
    """What POST takes."""

    name: str
    endpoint_name: str | None = None
    primary_key: str
    index_type: Literal["DIRECT_ACCESS", "DELTA_SYNC"]
    index_subtype: Literal["HYBRID", "FULL_TEXT", "VECTOR"] | None = None
    direct_access_index_spec: DirectAccessSpec | None = None
    delta_sync_index_spec: DeltaSyncSpec | None = None


def check_spec(body: IndexCreate) -> None:
    """Raise ApiError where no index can be made from it."""
    if body.index_subtype not in (None, "HYBRID"):
        raise absent(f"indexes of the subtype {body.index_subtype}")
    direct, delta = body.direct_access_index_spec, body.delta_sync_index_spec
    wanted = "direct_access_index_spec" if body.index_type == "DIRECT_ACCESS" else "delta_sync_index_spec"
    if getattr(body, wanted) is None or (direct is not None and delta is not None):
        raise invalid(f"An index of the type {body.index_type} takes {wanted}, and no other spec.")
    if direct is not None:
        _check_direct(body, direct)
    elif delta is not None:
        _check_delta(delta)


def columns_of(schema_json: str | None) -> dict[str, str]:
    """Read a schema's columns and their types; raises ApiError where it is no such schema."""
    try:
        found: Any = json.loads(schema_json or "")
    except (ValueError, RecursionError):
        raise invalid("schema_json: it is no JSON.") from None
    if not isinstance(found, dict) or not found:
        raise invalid("schema_json: it is an object of column names and their types.")
    if len(found) > MOST_COLUMNS:
        raise ApiError(400, "RESOURCE_LIMIT_EXCEEDED", f"schema_json: an index has at most {MOST_COLUMNS} columns.")
    for name, type_ in found.items():
        if type_ not in SCALARS | ARRAYS:
            allowed = ", ".join(sorted(SCALARS | ARRAYS))
            raise invalid(f"schema_json: column {name[:80]} is of the type {str(type_)[:40]!r}; there are {allowed}.")
    return found


def _check_direct(body: IndexCreate, spec: DirectAccessSpec) -> None:
    columns = columns_of(spec.columns_json)
    vectors = spec.embedding_vector_columns or []
    if len(vectors) != 1:
        raise invalid(f"embedding_vector_columns: a direct access index has one, found {len(vectors)}.")
    if columns.get(vectors[0].name) not in ARRAYS:
        raise invalid(f"schema_json: it has no column {vectors[0].name} of the type {' or '.join(sorted(ARRAYS))}.")
    if columns.get(body.primary_key) not in {"integer", "long", "short", "string"}:
        raise invalid(
            f"schema_json: it has no column {body.primary_key}, the primary key, of whole numbers or strings."
        )


def _check_delta(spec: DeltaSyncSpec) -> None:
    if not spec.source_table or spec.source_table.count(".") != 2:
        raise invalid("source_table: a delta sync index follows a table, named catalog.schema.table.")
    if spec.pipeline_type is None:
        raise invalid("pipeline_type: a delta sync index is TRIGGERED or CONTINUOUS.")
    if bool(spec.embedding_source_columns) == bool(spec.embedding_vector_columns):
        raise invalid("A delta sync index has embedding_source_columns or embedding_vector_columns, one of the two.")
    if any(not each.name or not each.embedding_model_endpoint_name for each in spec.embedding_source_columns or ()):
        raise invalid("embedding_source_columns: each has a name and an embedding_model_endpoint_name.")
    if spec.columns_to_sync and spec.columns_to_index:
        raise invalid("columns_to_index is another word for columns_to_sync: send one of the two.")
