"""A catalog that the metastore has for other workspaces alone: its name is taken, and it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import PermissionDenied
from databricks.sdk.service.catalog import CatalogIsolationMode, WorkspaceBinding, WorkspaceBindingBindingType

from tests.e2e.engine.local_stack.deployed_stack import Rehearsal

NAME = "walled"
ENTRY = f"    {NAME}:\n      {{catalog: {NAME}, schema: bots, createCatalog: true}}\n"


@pytest.fixture
def walled(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """A catalog to which this workspace is not bound."""
    client = WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")
    here = WorkspaceBinding(client.get_workspace_id(), WorkspaceBindingBindingType.BINDING_TYPE_READ_WRITE)
    client.catalogs.create(NAME)
    client.catalogs.update(NAME, isolation_mode=CatalogIsolationMode.ISOLATED)
    client.workspace_bindings.update_bindings("catalog", NAME, remove=[here])
    with pytest.raises(PermissionDenied, match=f"Catalog '{NAME}' is not accessible in current workspace"):
        client.catalogs.get(NAME)
    text = rehearsal.file.read_text()
    rehearsal.entry(NAME, ENTRY)
    yield rehearsal
    rehearsal.entry(NAME, "")
    assert rehearsal.file.read_text() == text
    client.workspace_bindings.update_bindings("catalog", NAME, add=[here])
    client.catalogs.delete(NAME, force=True)


def test_it_is_refused_by_the_preview_with_what_to_type(walled: Rehearsal) -> None:
    refused = walled.stack.run("preview").error or ""

    assert f"Nobody here sees catalog {NAME}. It was left as it is." in refused
    assert f"catalog {NAME}, which is there, and is bound to other workspaces than this one" in refused
    assert f"databricks workspace-bindings update-bindings catalog {NAME} --json" in refused
    assert "MANAGE" not in refused
    assert "createCatalog: false" in refused
