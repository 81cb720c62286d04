"""Indexes as the workspace keeps them: each is a table of Unity Catalog too, with grants of its own."""

from __future__ import annotations

from sandbox.workspace.api.errors import missing
from sandbox.workspace.identity.grant_records import drop_grants
from sandbox.workspace.search.index_rows import clear
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import Workspace

KIND = "search_index"


def find_index(workspace: Workspace, name: str) -> Document:
    """Give an index by its name of three parts; raises ApiError when it does not exist."""
    found = workspace.documents.get(KIND, name.lower())
    if found is None:
        raise missing(f"Index {name} does not exist.")
    return found


def indexes_of(workspace: Workspace, endpoint: str) -> list[Document]:
    """Give the indexes of an endpoint of vector search."""
    return [found for found in workspace.documents.all(KIND).values() if found["endpoint_name"] == endpoint]


def indexes_in(workspace: Workspace, schema: str) -> list[Document]:
    """Give the indexes in a schema of Unity Catalog."""
    prefix = f"{schema}."
    return [found for name, found in workspace.documents.all(KIND).items() if name.startswith(prefix)]


def drop_index(workspace: Workspace, name: str) -> None:
    """Remove an index with what is in it and its grants."""
    clear(workspace.documents, name)
    workspace.documents.delete(KIND, name)
    drop_grants(workspace.documents, "table", name)


def as_table(index: Document) -> Document:
    """Show an index as Unity Catalog shows a table."""
    catalog, schema, name = index["name"].split(".")
    stamps = {key: index[key] for key in ("owner", "created_at", "created_by", "updated_at", "updated_by")}
    return {
        "name": name,
        "catalog_name": catalog,
        "schema_name": schema,
        "full_name": index["name"],
        "table_id": index["id"],
        "table_type": "MANAGED",
        "data_source_format": "VECTOR_INDEX_FORMAT",
        "metastore_id": index["metastore_id"],
        **stamps,
    }
