"""What Unity Catalog knows of a registered model beyond MLflow: its owner."""

from __future__ import annotations

from sandbox.workspace.api.errors import exists
from sandbox.workspace.api.securable_names import FullName, no_catalog, no_model, no_schema
from sandbox.workspace.identity.grant_records import assign, assignments, drop_grants
from sandbox.workspace.identity.permission_records import Guarded, drop_permissions, move
from sandbox.workspace.registry.version_files import sweep
from sandbox.workspace.stores.registered_models import Model
from sandbox.workspace.stores.workspace import ADMIN, Workspace

PERMITTED = "registered-models"
"""What models are called among the objects with permissions."""
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
    """Remove a model with its versions and their files, grants and permissions."""
    workspace.registry.delete(name)
    workspace.documents.delete("model", name)
    drop_permissions(workspace.documents, PERMITTED, name)
    drop_grants(workspace.documents, "function", name)
    sweep(workspace)


def owner(workspace: Workspace, model: Model) -> str:
    """Name the owner of a model: who made it, until it is given to somebody."""
    record = workspace.documents.get("model", model.name)
    # A record of a model of the same name that was deleted through MLflow does not count.
    return str(record["owner"]) if record and record["made_at"] == model.created_at else ADMIN


def give(workspace: Workspace, model: Model, to: str) -> None:
    """Change the owner of a model."""
    workspace.documents.put("model", model.name, {"owner": to, "made_at": model.created_at})


def rename(workspace: Workspace, model: Model, new_name: str) -> Model:
    """Change a model's name within its schema, with owner, grants and permissions; raises ApiError when it is taken."""
    old = FullName.parse(model.name)
    new = FullName.parse(f"{old.schema_name}.{new_name}")
    if new == old:
        return model
    if workspace.registry.model(str(new)):
        raise exists(f"Registered model '{new}' already exists.")
    held = assignments(workspace.documents, "function", model.name, model.created_at)
    had = owner(workspace, model)
    workspace.registry.rename(model.name, str(new))
    renamed = find_model(workspace, str(new))
    give(workspace, renamed, had)
    kept = {principal: set(privileges) for principal, privileges in held.items()}
    assign(workspace.documents, "function", renamed.name, renamed.created_at, kept)
    drop_grants(workspace.documents, "function", model.name)
    move(
        workspace.documents,
        Guarded(object_type=PERMITTED, object_id=model.name, made_at=model.created_at),
        renamed.name,
    )
    workspace.documents.delete("model", model.name)
    return renamed
