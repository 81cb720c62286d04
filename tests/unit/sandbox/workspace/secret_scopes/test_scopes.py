"""The bounds of scopes, which take too long to reach from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.secret_scopes import scopes, stored_secrets
from sandbox.workspace.secret_scopes.scope_bodies import ScopeCreate, SecretPut
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import Workspace


@pytest.fixture
def workspace(documents: Documents, tmp_path: Path) -> Workspace:
    nothing = cast("Any", None)
    return Workspace(documents, nothing, nothing, Home(tmp_path))


def test_a_workspace_has_at_most_a_thousand_scopes(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scopes.MOST_SCOPES == 1000
    monkeypatch.setattr(scopes, "MOST_SCOPES", 2)
    for name in ("a", "b"):
        scopes.create_scope(workspace, ScopeCreate(scope=name))
    with pytest.raises(ApiError, match="at most 2 secret scopes") as caught:
        scopes.create_scope(workspace, ScopeCreate(scope="c"))
    assert caught.value.code == "RESOURCE_LIMIT_EXCEEDED"
    assert len(scopes.list_scopes(workspace)["scopes"]) == 2


def test_a_scope_has_at_most_a_thousand_secrets(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stored_secrets.MOST_SECRETS == 1000
    monkeypatch.setattr(stored_secrets, "MOST_SECRETS", 1)
    scopes.create_scope(workspace, ScopeCreate(scope="a"))
    stored_secrets.put_secret(workspace, SecretPut(scope="a", key="one", string_value="1"))
    stored_secrets.put_secret(workspace, SecretPut(scope="a", key="one", string_value="2"))
    with pytest.raises(ApiError, match="at most 1 secrets") as caught:
        stored_secrets.put_secret(workspace, SecretPut(scope="a", key="two", string_value="1"))
    assert caught.value.code == "RESOURCE_LIMIT_EXCEEDED"
