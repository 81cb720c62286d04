"""What Unity Catalog knows of a registered model beyond MLflow: its owner."""

from __future__ import annotations

from sandbox.workspace.assignments import drop_grants
from sandbox.workspace.registered import Model
from sandbox.workspace.securables import FullName, no_catalog, no_model, no_schema
from sandbox.workspace.workspace import ADMIN, Workspace

_PAGE = 1000


def find_model(workspace: Workspace, full_name: str) -> Model:
    """Give a registered model; raises ApiError when it, its schema or its catalog does not exist."""
    name = FullName.parse(full_name)
    check_schema(workspace, name)
    found = workspace.registry.model(str(name))
    if found is None:
        raise no_model(str(name))
    return found


def check_schema(workspace: Workspace, name: FullName) -> None:
    """Raise ApiError unless the schema of a model exists."""
    if workspace.documents.get("catalog", name.catalog) is None:
        raise no_catalog(name.catalog)
    if workspace.documents.get("schema", name.schema_name) is None:
        raise no_schema(name.schema_name)


def models_of(workspace: Workspace, schema: str) -> list[Model]:
    """Give every model of a schema."""
    models: list[Model] = []
    token = None
    while True:
        part = workspace.registry.models(f"{schema}.", _PAGE, token)
        models += part.items
        if (token := part.token) is None:
            return models


def drop_model(workspace: Workspace, name: str) -> None:
    """Remove a model with its versions, grants and permissions."""
    workspace.registry.delete(name)
    workspace.documents.delete("model", name)
    workspace.documents.delete("permissions", f"registered-models/{name}")
    drop_grants(workspace.documents, "function", name)


def owner(workspace: Workspace, model: Model) -> str:
    """Name the owner of a model: who made it, until it is given to somebody."""
    record = workspace.documents.get("model", model.name)
    # A record of a model of the same name that was deleted through MLflow does not count.
    return str(record["owner"]) if record and record["made_at"] == model.created_at else ADMIN


def give(workspace: Workspace, model: Model, to: str) -> None:
    """Change the owner of a model."""
    workspace.documents.put("model", model.name, {"owner": to, "made_at": model.created_at})
