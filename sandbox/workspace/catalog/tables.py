"""The routes of tables: to find and remove one. None is made here: endpoints and indexes make theirs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from sandbox.workspace.api.bodies import MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError, invalid
from sandbox.workspace.api.paging import page
from sandbox.workspace.search.index_records import KIND, as_table, indexes_in
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here, Workspace
from sandbox.workspace.tables.table_records import check_schema, drop_table, find_table, tables_of

routes = router("/api/2.1/unity-catalog/tables")


def find_table_or_index(workspace: Workspace, full_name: str) -> Document:
    """Give a table, or an index as the table that it is; raises ApiError when there is none of that name."""
    index = workspace.documents.get(KIND, full_name.lower())
    return as_table(index) if index is not None else find_table(workspace, full_name)


@routes.get("")
def list_tables(
    here: Here,
    catalog_name: Annotated[str, Query()],
    schema_name: Annotated[str, Query()],
    omit_columns: bool = False,
    max_results: MaxResults = 0,
    page_token: PageToken = None,
) -> dict[str, Any]:
    """List the tables of a schema."""
    check_schema(here, catalog_name, schema_name)
    schema = f"{catalog_name}.{schema_name}".lower()
    found = [*tables_of(here, schema), *map(as_table, indexes_in(here, schema))]
    part = page([_shown(table, omit_columns) for table in found], max_results, page_token)
    return {"tables": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{full_name}")
def get_table(here: Here, full_name: str) -> Document:
    """Give a table."""
    return find_table_or_index(here, full_name)


@routes.get("/{full_name}/exists")
def table_exists(here: Here, full_name: str) -> Document:
    """Say whether there is such a table."""
    try:
        find_table_or_index(here, full_name)
    except ApiError as error:
        if error.status != 404:
            raise
        return {"table_exists": False}
    return {"table_exists": True}


@routes.delete("/{full_name}")
def delete_table(here: Here, full_name: str) -> dict[str, Any]:
    """Remove a table with its files; an index is removed as an index."""
    with here.documents.transaction():
        if here.documents.get(KIND, full_name.lower()) is not None:
            raise invalid(f"'{full_name}' is an index of vector search. Delete it as one.")
        drop_table(here, find_table(here, full_name)["full_name"])
    return {}


def _shown(table: Document, omit_columns: bool) -> Document:
    return {key: value for key, value in table.items() if not (omit_columns and key == "columns")}
