"""Serving endpoints as the workspace keeps them: what never depends on a deployment."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.workspace.api.errors import ApiError, invalid, missing
from sandbox.workspace.api.securable_names import FullName
from sandbox.workspace.endpoints.config_rules import Config
from sandbox.workspace.identity.permission_records import drop_permissions
from sandbox.workspace.registry.model_files import check_signature
from sandbox.workspace.registry.version_records import check_whole
from sandbox.workspace.secret_scopes.references import check_references
from sandbox.workspace.stores.deployments import Deployment
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Workspace, now

_SHOWN_VERSIONS = 20
_SAME = ("name", "entity_name", "entity_version", "environment_vars")


def new_record(name: str, fields: Document) -> Document:
    """Make the record of an endpoint that is about to be deployed for the first time."""
    at = now()
    return {
        **fields,
        "name": name,
        "id": secrets.token_hex(16),
        "creator": ADMIN,
        "creation_timestamp": at,
        "last_updated_timestamp": at,
    }


def has_record(workspace: Workspace, name: str) -> bool:
    """Say whether there is an endpoint of that name."""
    record = workspace.documents.get("endpoint", name)
    return record is not None and _finished(workspace, record)


def find_record(workspace: Workspace, name: str) -> Document:
    """Give an endpoint's record; raises ApiError when there is no such endpoint."""
    record = workspace.documents.get("endpoint", name)
    if record is None or not _finished(workspace, record):
        raise missing(f"Endpoint with name '{name}' does not exist.")
    return record


def all_records(workspace: Workspace) -> list[Document]:
    """Give the records of all endpoints."""
    return [record for record in workspace.documents.all("endpoint").values() if _finished(workspace, record)]


def deploy_first(workspace: Workspace, record: Document, config: dict[str, Any]) -> Deployment:
    """Deploy an endpoint's first config; when the router refuses it, there is no endpoint."""
    write(workspace, record | {"creating": True})
    try:
        deployment = workspace.deployments.put(record["name"], config)
    except ApiError as error:
        if error.status < 500:
            remove(workspace, record)
        raise
    write(workspace, record)
    return deployment


def write(workspace: Workspace, record: Document) -> None:
    """Keep a record."""
    workspace.documents.put("endpoint", record["name"], record)


def remove(workspace: Workspace, record: Document) -> None:
    """Forget an endpoint and its permissions."""
    with workspace.documents.transaction():
        workspace.documents.delete("endpoint", record["name"])
        drop_permissions(workspace.documents, "serving-endpoints", record["id"])


def _finished(workspace: Workspace, record: Document) -> bool:
    # A process killed between the record and the deployment leaves the mark: the router knows which came to be.
    return not record.get("creating") or workspace.deployments.get(record["name"]) is not None


def deployment_of(workspace: Workspace, record: Document, config: Config, current: Deployment | None) -> dict[str, Any]:
    """Turn a checked config of an endpoint into what the router takes; raises ApiError when it cannot be served."""
    check_references(workspace, record["creator"], config.served_entities)
    entities = [
        {**_stamp(entity, current), "model_dir": _model_dir(workspace, entity)} for entity in config.served_entities
    ]
    return {"served_entities": entities, "traffic_config": {"routes": list(config.routes)}}


def _stamp(entity: dict[str, Any], current: Deployment | None) -> dict[str, Any]:
    stamp = {"id": secrets.token_hex(16), "creator": ADMIN, "creation_timestamp": now()}
    for side in ("pending_config", "config"):
        for held in ((current or {}).get(side) or {}).get("served_entities", []):
            if all(held.get(field) == entity.get(field) for field in _SAME):
                stamp |= {field: held[field] for field in ("id", "creation_timestamp") if field in held}
    return entity | stamp


def _model_dir(workspace: Workspace, entity: dict[str, Any]) -> str:
    name = str(FullName.parse(entity["entity_name"]))
    number = int(entity["entity_version"])
    version = workspace.registry.version(name, number)
    if version is None:
        raise _no_version(workspace, name, number)
    check_whole(workspace, version, "be served")
    directory = workspace.registry.model_dir(name, number)
    check_signature(directory, f"{name}/{number}")
    return str(directory)


def _no_version(workspace: Workspace, name: str, number: int) -> Exception:
    if workspace.registry.model(name) is None:
        return invalid(f"Registered model '{name}' does not exist.")
    part = workspace.registry.versions(name, _SHOWN_VERSIONS, None)
    ready = ", ".join(str(version.version) for version in part.items if version.status == "READY") or "none"
    return invalid(f"Model version {name}/{number} does not exist; READY versions are {ready}.")
