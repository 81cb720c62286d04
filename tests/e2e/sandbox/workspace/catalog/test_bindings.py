"""Bindings of isolated catalogs, by Databricks' SDK."""

from __future__ import annotations

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, NotImplemented, PermissionDenied
from databricks.sdk.service.catalog import CatalogIsolationMode, WorkspaceBinding, WorkspaceBindingBindingType

READ_WRITE = WorkspaceBindingBindingType.BINDING_TYPE_READ_WRITE
READ_ONLY = WorkspaceBindingBindingType.BINDING_TYPE_READ_ONLY


def bound(
    client: WorkspaceClient, name: str, kind: str = "catalog"
) -> list[tuple[int | None, WorkspaceBindingBindingType | None]]:
    return [(each.workspace_id, each.binding_type) for each in client.workspace_bindings.get_bindings(kind, name)]


def test_whoever_isolates_a_catalog_is_bound_to_it_and_may_be_bound_otherwise(
    client: WorkspaceClient, catalog: str
) -> None:
    here = client.get_workspace_id()
    assert bound(client, catalog) == []
    client.catalogs.update(catalog, isolation_mode=CatalogIsolationMode.ISOLATED)
    assert bound(client, catalog) == [(here, READ_WRITE)]
    for binding_type in (READ_ONLY, READ_ONLY, READ_WRITE):
        client.workspace_bindings.update_bindings("catalog", catalog, add=[WorkspaceBinding(here, binding_type)])
        assert bound(client, catalog) == [(here, binding_type)]
    client.workspace_bindings.update_bindings("catalog", catalog, remove=[WorkspaceBinding(here, READ_WRITE)])
    assert bound(client, catalog) == []
    for use in (client.catalogs.get, client.catalogs.delete):
        with pytest.raises(PermissionDenied, match=f"Catalog '{catalog}' is not accessible in current workspace"):
            use(catalog)
    client.workspace_bindings.update_bindings("catalog", catalog, add=[WorkspaceBinding(here, READ_WRITE)])
    assert client.catalogs.get(catalog).name == catalog


def test_a_binding_that_cannot_be_is_refused(client: WorkspaceClient, catalog: str) -> None:
    one, other = WorkspaceBinding(client.get_workspace_id(), READ_WRITE), WorkspaceBinding(5, READ_WRITE)
    with pytest.raises(BadRequest, match="is open to all workspaces"):
        client.workspace_bindings.update_bindings("catalog", catalog, add=[one])
    client.catalogs.update(catalog, isolation_mode=CatalogIsolationMode.ISOLATED)
    with pytest.raises(BadRequest, match="Workspace 5 is not attached"):
        client.workspace_bindings.update_bindings("catalog", catalog, add=[other])
    with pytest.raises(NotFound):
        client.workspace_bindings.update_bindings("catalog", "nowhere", add=[one])
    with pytest.raises(NotImplemented):
        bound(client, "lake", "credential")
