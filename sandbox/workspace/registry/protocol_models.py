"""Registered models in the protocol of MLflow's registry `databricks-uc`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from mlflow.protos import databricks_uc_registry_messages_pb2 as messages

from sandbox.workspace.api.errors import absent, exists, invalid
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.registry import protocol_routes
from sandbox.workspace.registry.model_records import check_schema, drop_model, find_model, owner, rename
from sandbox.workspace.registry.protocol_routes import page_size, required
from sandbox.workspace.registry.tag_rules import check_tags
from sandbox.workspace.registry.version_records import find_version, number_of
from sandbox.workspace.stores.registered_models import Model
from sandbox.workspace.stores.workspace import Workspace

routes = APIRouter()
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000


def message(workspace: Workspace, model: Model, *, whole: bool) -> Any:
    """Show a model; aliases and tags are in answers about one model alone, not in lists."""
    shown = messages.RegisteredModel(
        name=model.name,
        creation_timestamp=model.created_at,
        last_updated_timestamp=model.updated_at,
        user_id=owner(workspace, model),
        description=model.comment,
    )
    if whole:
        for alias, version in sorted(model.aliases.items()):
            shown.aliases.add(alias=alias, version=str(version))
        for key, value in sorted(model.tags.items()):
            shown.tags.add(key=key, value=value)
    return shown


def create(workspace: Workspace, sent: messages.CreateRegisteredModelRequest) -> Any:
    """Register a model in a schema that exists."""
    name = FullName.parse(sent.name)
    if sent.deployment_job_id:
        raise absent("deployment jobs")
    with workspace.documents.transaction():
        check_schema(workspace, name)
        if workspace.registry.model(str(name)):
            raise exists(f"Registered model '{name}' already exists.")
        tags = {tag.key: tag.value for tag in sent.tags}
        check_tags({}, tags)
        workspace.registry.create(str(name), sent.description, tags)
    model = find_model(workspace, str(name))
    return messages.CreateRegisteredModelResponse(registered_model=message(workspace, model, whole=True))


def update(workspace: Workspace, sent: messages.UpdateRegisteredModelRequest) -> Any:
    """Change the description or the name."""
    if sent.deployment_job_id:
        raise absent("deployment jobs")
    with workspace.documents.transaction():
        model = find_model(workspace, sent.name)
        # The name first: it can be refused, and MLflow's store does not take back what it has written.
        if sent.new_name:
            model = rename(workspace, model, _new_name(workspace, model, sent.new_name))
        if sent.HasField("description"):
            workspace.registry.describe(model.name, sent.description)
        shown = message(workspace, find_model(workspace, model.name), whole=True)
    return messages.UpdateRegisteredModelResponse(registered_model=shown)


def _new_name(workspace: Workspace, model: Model, sent: str) -> str:
    old = FullName.parse(model.name)
    new = FullName.parse(sent if "." in sent else f"{old.schema_name}.{sent}")
    check_schema(workspace, new)
    if new.schema_name != old.schema_name:
        raise invalid(f"new_name: a model stays in its schema {old.schema_name}, found {new}.")
    return new.model


def delete(workspace: Workspace, sent: messages.DeleteRegisteredModelRequest) -> Any:
    """Remove a model with its versions and their files."""
    with workspace.documents.transaction():
        drop_model(workspace, find_model(workspace, sent.name).name)
    return messages.DeleteRegisteredModelResponse()


def get(workspace: Workspace, sent: messages.GetRegisteredModelRequest) -> Any:
    """Give a model with its aliases and tags."""
    model = find_model(workspace, sent.name)
    return messages.GetRegisteredModelResponse(registered_model=message(workspace, model, whole=True))


def search(workspace: Workspace, sent: messages.SearchRegisteredModelsRequest) -> Any:
    """List all models, a page at a time."""
    limit = page_size(sent, _DEFAULT_PAGE, _LARGEST_PAGE)
    part = workspace.registry.models("", limit, sent.page_token or None)
    shown = [message(workspace, model, whole=False) for model in part.items]
    return messages.SearchRegisteredModelsResponse(registered_models=shown, next_page_token=part.token or None)


def set_tag(workspace: Workspace, sent: messages.SetRegisteredModelTagRequest) -> Any:
    """Set a tag of a model."""
    model = find_model(workspace, sent.name)
    check_tags(model.tags, {required(sent.key, "key"): sent.value})
    workspace.registry.set_tag(model.name, None, sent.key, sent.value)
    return messages.SetRegisteredModelTagResponse()


def delete_tag(workspace: Workspace, sent: messages.DeleteRegisteredModelTagRequest) -> Any:
    """Remove a tag of a model."""
    name = find_model(workspace, sent.name).name
    workspace.registry.delete_tag(name, None, required(sent.key, "key"))
    return messages.DeleteRegisteredModelTagResponse()


def set_alias(workspace: Workspace, sent: messages.SetRegisteredModelAliasRequest) -> Any:
    """Point an alias at a version that exists."""
    version = find_version(workspace, sent.name, number_of(sent.version))
    workspace.registry.set_alias(version.model, required(sent.alias, "alias"), version.version)
    return messages.SetRegisteredModelAliasResponse()


def delete_alias(workspace: Workspace, sent: messages.DeleteRegisteredModelAliasRequest) -> Any:
    """Remove an alias."""
    workspace.registry.delete_alias(find_model(workspace, sent.name).name, required(sent.alias, "alias"))
    return messages.DeleteRegisteredModelAliasResponse()


def is_enabled(_workspace: Workspace, sent: messages.IsDatabricksSdkModelsArtifactRepositoryEnabledRequest) -> Any:  # noqa: ARG001 -- its hint is what it answers
    """Say that the files of versions go through the Files API: there is no cloud store behind the sandbox."""
    return messages.IsDatabricksSdkModelsArtifactRepositoryEnabledResponse(
        is_databricks_sdk_models_artifact_repository_enabled=True
    )


for _handler in (create, update, delete, get, search, set_tag, delete_tag, set_alias, delete_alias, is_enabled):
    protocol_routes.add(routes, _handler)
