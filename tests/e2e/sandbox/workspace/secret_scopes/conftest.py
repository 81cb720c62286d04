from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient


@pytest.fixture
def scope(client: WorkspaceClient) -> Iterator[str]:
    """A secret scope of the test's own."""
    name = f"scope-{uuid.uuid4().hex[:8]}"
    client.secrets.create_scope(name)
    yield name
    if name in {found.name for found in client.secrets.list_scopes()}:
        client.secrets.delete_scope(name)
