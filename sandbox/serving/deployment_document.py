"""A deployment as JSON: the document that the control API shows, and the file that survives a restart."""

from __future__ import annotations

from typing import Any

from sandbox.serving.config_update import Deployment, Update
from sandbox.serving.served_config import Config, Entity, EntityState, Route

Json = dict[str, Any]


def document(deployment: Deployment) -> Json:
    """Return what the control API answers about a deployment; the models' directories stay inside."""
    pending = deployment.pending
    return {
        "state": {
            "ready": "READY" if deployment.ready else "NOT_READY",
            "config_update": deployment.update.value,
        },
        "config": _public(deployment.active) if deployment.active else None,
        "pending_config": {**_public(pending), "start_time": pending.start_time} if pending else None,
    }


def to_file(deployment: Deployment) -> Json:
    """Return the whole of a deployment, for `from_file`."""
    return {
        "active": _whole(deployment.active),
        "pending": _whole(deployment.pending),
        "update": deployment.update.value,
        "versions": deployment.versions,
    }


def from_file(value: Json) -> Deployment:
    """Read what `to_file` made; raises KeyError, TypeError or ValueError where it is something else."""
    return Deployment(
        active=_config(value["active"]),
        pending=_config(value["pending"]),
        update=Update(value["update"]),
        versions=int(value["versions"]),
    )


def _public(config: Config) -> Json:
    return {
        "served_entities": [_public_entity(entity) for entity in config.entities],
        "traffic_config": {
            "routes": [{"served_model_name": r.entity, "traffic_percentage": r.percent} for r in config.routes]
        },
        "config_version": config.version,
    }


def _public_entity(entity: Entity) -> Json:
    state = {"deployment": entity.state.value, "deployment_state_message": entity.message}
    return {**entity.fields, "state": state}


def _whole(config: Config | None) -> Json | None:
    if config is None:
        return None
    return {
        "entities": [
            {"fields": dict(e.fields), "model_dir": e.model_dir, "state": e.state.value, "message": e.message}
            for e in config.entities
        ],
        "routes": [[route.entity, route.percent] for route in config.routes],
        "version": config.version,
        "start_time": config.start_time,
    }


def _config(value: Json | None) -> Config | None:
    if value is None:
        return None
    return Config(
        entities=tuple(
            Entity(
                fields=entity["fields"],
                model_dir=entity["model_dir"],
                state=EntityState(entity["state"]),
                message=entity["message"],
            )
            for entity in value["entities"]
        ),
        routes=tuple(Route(entity, percent) for entity, percent in value["routes"]),
        version=int(value["version"]),
        start_time=int(value["start_time"]),
    )
