"""Tables of Unity Catalog: the only ones here are indexes of vector search."""

from __future__ import annotations

from typing import Any

from sandbox.workspace.api.bodies import MaxResults, PageToken, router
from sandbox.workspace.api.paging import page
from sandbox.workspace.api.securable_names import no_catalog, no_schema
from sandbox.workspace.search.index_records import as_table, find_table, indexes_in
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Here

routes = router("/api/2.1/unity-catalog/tables")


@routes.get("")
def list_tables(
    here: Here,
    catalog_name: str,
    schema_name: str,
    max_results: MaxResults = 0,
    page_token: PageToken = None,
) -> dict[str, Any]:
    """List the tables of a schema."""
    if here.documents.get("catalog", catalog_name.lower()) is None:
        raise no_catalog(catalog_name)
    schema = f"{catalog_name}.{schema_name}".lower()
    if here.documents.get("schema", schema) is None:
        raise no_schema(schema)
    part = page([as_table(index) for index in indexes_in(here, schema)], max_results, page_token)
    return {"tables": part.items, **({"next_page_token": part.token} if part.token else {})}


@routes.get("/{full_name}")
def get_table(here: Here, full_name: str) -> Document:
    """Give a table."""
    return as_table(find_table(here, full_name))
