"""References to secrets in served entities: what must hold before an endpoint that uses them is deployed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from model_ops.secret_reference import in_entities
from sandbox.workspace.api.errors import absent
from sandbox.workspace.secret_scopes.scope_records import KEY_VAULT, check_permitted, find_scope
from sandbox.workspace.stores.workspace import Workspace


def check_references(workspace: Workspace, creator: str, entities: Iterable[dict[str, Any]]) -> None:
    """Raise ApiError unless the endpoint's creator may read every scope that is referred to.

    Whether a key is there is seen when a model server starts, as in Databricks.
    """
    for name in dict.fromkeys(reference.scope for reference in in_entities(entities)):
        scope = find_scope(workspace.documents, name)
        check_permitted(workspace, scope["name"], creator, "READ")
        if scope["backend_type"] == KEY_VAULT:
            raise absent(f"the secrets of scope {scope['name']}, which are in an Azure Key Vault")
