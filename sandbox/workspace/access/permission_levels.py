"""What has permissions, and which: the rules for endpoints of both kinds, experiments and models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.workspace.api.errors import absent, invalid, missing
from sandbox.workspace.identity.permission_records import Guarded
from sandbox.workspace.registry.model_records import find_model
from sandbox.workspace.stores.workspace import Workspace


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
    "vector-search-endpoints": Levels(
        "vector-search-endpoint",
        {
            "CAN_USE": "Can use the vector search endpoint",
            "CAN_MANAGE": "Can manage the vector search endpoint",
        },
    ),
}
"""Objects with permissions, from the Databricks provider's permission definitions."""


_KINDS = {"serving-endpoints": "endpoint", "vector-search-endpoints": "search_endpoint"}


def levels_of(object_type: str) -> Levels:
    """Give the levels of a type of object; raises ApiError for a type that the sandbox does not have."""
    if object_type not in OBJECTS:
        raise absent(f"permissions on {object_type}; it has {', '.join(OBJECTS)}")
    return OBJECTS[object_type]


def find_guarded(workspace: Workspace, object_type: str, object_id: str) -> Guarded:
    """Give an object with permissions; raises ApiError unless it is there."""
    called = levels_of(object_type).object_type
    if object_type == "registered-models":
        model = find_model(workspace, object_id)
        return Guarded(object_type=object_type, object_id=model.name, made_at=model.created_at)
    if object_type == "experiments":
        found = workspace.registry.experiment_exists(object_id)
    else:
        kind = _KINDS[object_type]
        found = any(record["id"] == object_id for record in workspace.documents.all(kind).values())
    if not found:
        raise missing(f"{called} with id '{object_id}' does not exist.")
    return Guarded(object_type=object_type, object_id=object_id)


def check_level(object_type: str, level: str) -> None:
    """Raise ApiError unless the type of object has the level."""
    allowed = levels_of(object_type).levels
    if level not in allowed:
        raise invalid(f"permission_level: {object_type} have {', '.join(allowed)}; found {level!r}.")
