"""Tables as the workspace keeps them: a record each, and a directory of Parquet files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from sandbox.workspace.api.errors import ApiError, invalid
from sandbox.workspace.api.securable_names import no_catalog, no_schema, valid
from sandbox.workspace.identity.grant_records import drop_grants
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Workspace, identifier, stamps

Column = tuple[str, str, str]
"""A column's name, its type as SQL writes it, and what is in it."""


def check_schema(workspace: Workspace, catalog: str, schema: str) -> None:
    """Raise ApiError unless the schema of a table exists."""
    if workspace.documents.get("catalog", catalog.lower()) is None:
        raise no_catalog(catalog.lower())
    full_name = f"{catalog}.{schema}".lower()
    if workspace.documents.get("schema", full_name) is None:
        raise no_schema(full_name)


def find_table(workspace: Workspace, full_name: str) -> Document:
    """Give a table; raises ApiError when it, its schema or its catalog does not exist."""
    parts = full_name.lower().split(".")
    if len(parts) != 3 or not all(map(valid, parts)):
        raise invalid(f"Invalid table name '{full_name}'. A table is named catalog.schema.table.")
    check_schema(workspace, parts[0], parts[1])
    found = workspace.documents.get("table", full_name.lower())
    if found is None:
        raise ApiError(404, "TABLE_DOES_NOT_EXIST", f"Table '{full_name}' does not exist.")
    return found


def tables_of(workspace: Workspace, schema: str) -> list[Document]:
    """Give the tables of a schema, which goes by its full name."""
    found = workspace.documents.all("table").values()
    return [table for table in found if f"{table['catalog_name']}.{table['schema_name']}" == schema]


def add_table(workspace: Workspace, full_name: str, columns: Sequence[Column], fields: Document) -> Document:
    """Make a table of a schema that exists, and its directory; the parts of its name have been checked."""
    catalog, schema, name = full_name.split(".")
    directory(workspace, full_name).mkdir(mode=0o700, parents=True, exist_ok=True)
    table = {
        **fields,
        "name": name,
        "catalog_name": catalog,
        "schema_name": schema,
        "full_name": full_name,
        "table_type": "MANAGED",
        "data_source_format": "PARQUET",
        "storage_location": directory(workspace, full_name).as_uri(),
        "columns": [_column(place, column) for place, column in enumerate(columns)],
        "table_id": identifier(),
        "metastore_id": workspace.metastore_id,
        **stamps(),
    }
    workspace.documents.put("table", full_name, table)
    return table


def drop_table(workspace: Workspace, full_name: str) -> None:
    """Remove a table with its files and its grants."""
    workspace.documents.delete("table", full_name)
    drop_grants(workspace.documents, "table", full_name)
    shutil.rmtree(directory(workspace, full_name), ignore_errors=True)


def directory(workspace: Workspace, full_name: str) -> Path:
    """Name the directory of a table's files."""
    return workspace.home.tables.joinpath(*full_name.split("."))


def _column(place: int, column: Column) -> Document:
    name, text, comment = column
    type_name = text.partition("<")[0].upper()
    type_name = {"BIGINT": "LONG"}.get(type_name, type_name)
    return {
        "name": name,
        "type_text": text,
        "type_name": type_name,
        "position": place,
        "nullable": True,
        "comment": comment,
    }
