"""Model versions in the protocol of MLflow's registry `databricks-uc`: created, filled with files, finalized."""

from __future__ import annotations

import re
import secrets
from typing import Any

from fastapi import APIRouter
from mlflow.protos import databricks_uc_registry_messages_pb2 as messages

from sandbox.workspace.api.errors import ApiError, invalid, missing
from sandbox.workspace.registry import protocol_routes
from sandbox.workspace.registry.model_files import check_signature
from sandbox.workspace.registry.model_records import find_model
from sandbox.workspace.registry.protocol_routes import page_size, required
from sandbox.workspace.registry.tag_rules import check_tags
from sandbox.workspace.registry.version_files import RECORDS
from sandbox.workspace.registry.version_records import drop_version, find_version, number_of, record
from sandbox.workspace.stores.registered_models import NewVersion, Version
from sandbox.workspace.stores.workspace import ADMIN, Workspace

routes = APIRouter()
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 10_000
_LONGEST_SOURCE = 500
_FILTER = re.compile(r"""\s*(name|run_id)\s*=\s*(?:'([^'"\\]+)'|"([^'"\\]+)")\s*""", re.IGNORECASE)


def message(workspace: Workspace, version: Version, *, whole: bool) -> Any:
    """Show a version; aliases, tags and figures are in answers about one version alone, not in lists."""
    known = record(workspace, version)
    shown = messages.ModelVersion(
        name=version.model,
        version=str(version.version),
        creation_timestamp=version.created_at,
        last_updated_timestamp=version.updated_at,
        user_id=ADMIN,
        description=version.comment,
        source=version.source,
        run_id=version.run_id or None,
        status=messages.ModelVersionStatus.Value(version.status),
        status_message=version.reason or None,
        model_id=known.get("model_id"),
        run_tracking_server_id=_text(known.get("run_workspace_id")),
    )
    if whole:
        _complete(workspace, version, shown)
    return shown


def _complete(workspace: Workspace, version: Version, shown: Any) -> None:
    shown.storage_location = workspace.registry.download_uri(version.model, version.version)
    for alias in sorted(version.aliases):
        shown.aliases.add(alias=alias, version=str(version.version))
    for key, value in sorted(version.tags.items()):
        shown.tags.add(key=key, value=value)
    if shown.model_id:
        figures = workspace.registry.figures(shown.model_id)
        for parameter in figures.parameters:
            shown.model_params.add(**parameter)
        for metric in figures.metrics:
            shown.model_metrics.add(**metric)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def create(workspace: Workspace, sent: messages.CreateModelVersionRequest) -> Any:
    """Register a version whose files are yet to come."""
    model = find_model(workspace, sent.name)
    if len(required(sent.source, "source")) > _LONGEST_SOURCE:
        raise invalid(f"source: at most {_LONGEST_SOURCE} characters, found {len(sent.source)}.")
    tags = {tag.key: tag.value for tag in sent.tags}
    check_tags({}, tags)
    new = NewVersion(
        model=model.name,
        source=sent.source,
        storage=secrets.token_hex(16),
        run_id=sent.run_id,
        comment=sent.description,
        tags=tags,
    )
    with workspace.documents.transaction():
        workspace.documents.put(RECORDS, new.storage, _known(workspace, sent))
        version = workspace.registry.begin_version(new)
    return messages.CreateModelVersionResponse(model_version=message(workspace, version, whole=True))


def _known(workspace: Workspace, sent: Any) -> dict[str, Any]:
    origin = sent.run_tracking_server_id
    if origin and not re.fullmatch(r"[0-9]{1,18}", origin):
        raise invalid(f"run_tracking_server_id: it is the number of a workspace, found {origin[:80]!r}.")
    known: dict[str, Any] = {"model_id": sent.model_id} if sent.model_id else {}
    if sent.run_id:
        known["run_workspace_id"] = int(origin) if origin else workspace.workspace_id
    return known


def finalize(workspace: Workspace, sent: messages.FinalizeModelVersionRequest) -> Any:
    """Make a version READY once its files are a model with a whole signature; else it has failed, for good."""
    version = _find(workspace, sent)
    # With the lock, so that no file that is still on its way changes a version that is READY.
    with workspace.changing(version.storage):
        version = _find(workspace, sent)
        if version.status == "PENDING_REGISTRATION":
            failure = _failure(workspace, version)
            workspace.registry.end_version(version.model, version.version, failure)
            version = _find(workspace, sent)
    if version.status != "READY":
        raise invalid(f"Model version {version.label} is {version.status}: {version.reason}")
    return messages.FinalizeModelVersionResponse(model_version=message(workspace, version, whole=True))


def _failure(workspace: Workspace, version: Version) -> str:
    try:
        directory = workspace.registry.files(version.model, version.version)
        if not (directory / "MLmodel").is_file():
            return "its files hold no MLmodel. Upload the whole directory of an MLflow model, then finalize it."
        check_signature(directory, version.label, "registered")
    except ApiError as error:
        return error.message
    return ""


def update(workspace: Workspace, sent: messages.UpdateModelVersionRequest) -> Any:
    """Change the description."""
    version = _find(workspace, sent)
    if sent.HasField("description"):
        workspace.registry.describe_version(version.model, version.version, sent.description)
    return messages.UpdateModelVersionResponse(model_version=message(workspace, _find(workspace, sent), whole=True))


def delete(workspace: Workspace, sent: messages.DeleteModelVersionRequest) -> Any:
    """Remove a version and its files."""
    drop_version(workspace, _find(workspace, sent))
    return messages.DeleteModelVersionResponse()


def get(workspace: Workspace, sent: messages.GetModelVersionRequest) -> Any:
    """Give a version with its aliases and tags."""
    return messages.GetModelVersionResponse(model_version=message(workspace, _find(workspace, sent), whole=True))


def get_by_alias(workspace: Workspace, sent: messages.GetModelVersionByAliasRequest) -> Any:
    """Give the version that an alias points at."""
    model = find_model(workspace, sent.name)
    number = model.aliased(sent.alias)
    if number is None:
        raise missing(f"Alias '{sent.alias}' does not exist on model '{model.name}'.")
    version = find_version(workspace, model.name, number)
    return messages.GetModelVersionByAliasResponse(model_version=message(workspace, version, whole=True))


def search(workspace: Workspace, sent: messages.SearchModelVersionsRequest) -> Any:
    """List the versions of a model or of a run, or all of them, a page at a time."""
    limit = page_size(sent, _DEFAULT_PAGE, _LARGEST_PAGE)
    part = workspace.registry.find_versions(_where(workspace, sent.filter), limit, sent.page_token or None)
    shown = [message(workspace, version, whole=False) for version in part.items]
    return messages.SearchModelVersionsResponse(model_versions=shown, next_page_token=part.token or None)


def _where(workspace: Workspace, text: str) -> str:
    if not text.strip():
        return ""
    found = _FILTER.fullmatch(text)
    if found is None:
        raise invalid(f"filter: it is name = '…' or run_id = '…', found {text[:80]!r}.")
    value = found[2] or found[3]
    if found[1].lower() == "run_id":
        return f"run_id = '{value}'"
    return f"name = '{find_model(workspace, value).name}'"


def get_download_uri(workspace: Workspace, sent: messages.GetModelVersionDownloadUriRequest) -> Any:
    """Give the address of a version's files."""
    version = _find(workspace, sent)
    uri = workspace.registry.download_uri(version.model, version.version)
    return messages.GetModelVersionDownloadUriResponse(artifact_uri=uri)


def give_credentials(workspace: Workspace, sent: messages.GenerateTemporaryModelVersionCredentialsRequest) -> Any:
    """Refuse credentials of a cloud store: there is none behind the sandbox."""
    version = _find(workspace, sent)
    place = f"/Models/{version.model.replace('.', '/')}/{version.version}"
    raise ApiError(
        501,
        "NOT_IMPLEMENTED",
        f"The sandbox has no cloud store, so no credentials of one. The files of {version.label} are in the Files API "
        f"at {place}: leave MLFLOW_USE_DATABRICKS_SDK_MODEL_ARTIFACTS_REPO_FOR_UC unset, and MLflow uses it.",
    )


def set_tag(workspace: Workspace, sent: messages.SetModelVersionTagRequest) -> Any:
    """Set a tag of a version."""
    version = _find(workspace, sent)
    check_tags(version.tags, {required(sent.key, "key"): sent.value})
    workspace.registry.set_tag(version.model, version.version, sent.key, sent.value)
    return messages.SetModelVersionTagResponse()


def delete_tag(workspace: Workspace, sent: messages.DeleteModelVersionTagRequest) -> Any:
    """Remove a tag of a version."""
    version = _find(workspace, sent)
    workspace.registry.delete_tag(version.model, version.version, required(sent.key, "key"))
    return messages.DeleteModelVersionTagResponse()


def emit_lineage(workspace: Workspace, sent: messages.EmitModelVersionLineageRequest) -> Any:
    """Take note that a version was read: the sandbox keeps no such record."""
    _find(workspace, sent)
    return messages.EmitModelVersionLineageResponse()


def _find(workspace: Workspace, sent: Any) -> Version:
    return find_version(workspace, sent.name, number_of(sent.version))


for _handler in (
    *(create, finalize, update, delete, get, get_by_alias, search),
    *(get_download_uri, give_credentials, set_tag, delete_tag, emit_lineage),
):
    protocol_routes.add(routes, _handler)
