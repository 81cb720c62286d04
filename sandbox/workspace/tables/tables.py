"""The routes of tables: to find and remove one. None is made here: a serving endpoint makes its own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from sandbox.workspace.api.bodies import MaxResults, PageToken, router
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.api.paging import page
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here
from sandbox.workspace.tables.table_records import check_schema, drop_table, find_table, tables_of

routes = router("/api/2.1/unity-catalog/tables")


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
    found = tables_of(here, f"{catalog_name}.{schema_name}".lower())
    part = page([_shown(table, omit_columns) for table in found], max_results, page_token)
    return {"tables": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{full_name}")
def get_table(here: Here, full_name: str) -> Document:
    """Give a table."""
    return find_table(here, full_name)


@routes.get("/{full_name}/exists")
def table_exists(here: Here, full_name: str) -> Document:
    """Say whether there is such a table."""
    try:
        find_table(here, full_name)
    except ApiError as error:
        if error.status != 404:
            raise
        return {"table_exists": False}
    return {"table_exists": True}


@routes.delete("/{full_name}")
def delete_table(here: Here, full_name: str) -> dict[str, Any]:
    """Remove a table with its files."""
    with here.documents.transaction():
        drop_table(here, find_table(here, full_name)["full_name"])
    return {}


def _shown(table: Document, omit_columns: bool) -> Document:
    return {key: value for key, value in table.items() if not (omit_columns and key == "columns")}
