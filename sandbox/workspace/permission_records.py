"""Who may do what with an endpoint, an experiment or a model: the rules and the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.workspace.documents import Document, Documents
from sandbox.workspace.errors import absent, invalid, missing
from sandbox.workspace.model_records import find_model
from sandbox.workspace.workspace import ADMIN, Workspace

Access = dict[str, str]
"""One direct permission: one of user_name, group_name, service_principal_name, and permission_level."""


@dataclass(frozen=True)
class Levels:
    """What a type of object is called in answers, and its permission levels from least to most."""

    object_type: str
    levels: Mapping[str, str]


_MODEL_LEVELS = {
    "CAN_READ": "Can view the details of the registered model",
    "CAN_EDIT": "Can edit the registered model",
    "CAN_MANAGE_STAGING_VERSIONS": "Can manage staging versions of the registered model",
    "CAN_MANAGE_PRODUCTION_VERSIONS": "Can manage production versions of the registered model",
    "CAN_MANAGE": "Can manage the registered model",
}
OBJECTS: Mapping[str, Levels] = {
    "serving-endpoints": Levels(
        "serving-endpoint",
        {
            "CAN_VIEW": "Can view the serving endpoint",
            "CAN_QUERY": "Can query the serving endpoint",
            "CAN_MANAGE": "Can manage the serving endpoint",
        },
    ),
    "experiments": Levels(
        "mlflowExperiment",
        {
            "CAN_READ": "Can view the experiment",
            "CAN_EDIT": "Can log runs to the experiment",
            "CAN_MANAGE": "Can manage the experiment",
        },
    ),
    "registered-models": Levels("registered-model", _MODEL_LEVELS),
}
"""Objects with permissions, from the Databricks provider's permission definitions."""


def levels_of(object_type: str) -> Levels:
    """Give the levels of a type of object; raises ApiError for a type that the sandbox does not have."""
    if object_type not in OBJECTS:
        raise absent(f"permissions on {object_type}; it has {', '.join(OBJECTS)}")
    return OBJECTS[object_type]


def check_exists(workspace: Workspace, object_type: str, object_id: str) -> None:
    """Raise ApiError unless the object is there."""
    if object_type == "registered-models":
        find_model(workspace, object_id)
        return
    if object_type == "experiments":
        found = workspace.registry.experiment_exists(object_id)
    else:
        found = any(record["id"] == object_id for record in workspace.documents.all("endpoint").values())
    if not found:
        raise missing(f"{levels_of(object_type).object_type} with id '{object_id}' does not exist.")


def check_level(object_type: str, level: str) -> None:
    """Raise ApiError unless the type of object has the level."""
    allowed = levels_of(object_type).levels
    if level not in allowed:
        raise invalid(f"permission_level: {object_type} have {', '.join(allowed)}; found {level!r}.")


def direct(documents: Documents, object_type: str, object_id: str) -> list[Access]:
    """Give the permissions that were set on the object itself; at first its creator's."""
    found = documents.get("permissions", f"{object_type}/{object_id}")
    if found is None:
        return [{"user_name": ADMIN, "permission_level": "CAN_MANAGE"}]
    return list(found["direct"])


def write(documents: Documents, object_type: str, object_id: str, entries: list[Access]) -> None:
    """Set the permissions of the object itself."""
    documents.put("permissions", f"{object_type}/{object_id}", {"direct": entries})


def drop_permissions(documents: Documents, object_type: str, object_id: str) -> None:
    """Forget the permissions of an object that is gone."""
    documents.delete("permissions", f"{object_type}/{object_id}")


def drop_permitted(documents: Documents, principal: str) -> None:
    """Forget what a principal that is gone was permitted."""
    for key, found in documents.all("permissions").items():
        kept: list[Document] = [entry for entry in found["direct"] if principal not in entry.values()]
        if kept != found["direct"]:
            documents.put("permissions", key, {"direct": kept})
