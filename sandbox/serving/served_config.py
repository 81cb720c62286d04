"""What an endpoint serves, or is to serve: served entities with their states, and the routes among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class EntityState(StrEnum):
    """What a served entity says of itself (Databricks' ServedModelStateDeployment)."""

    CREATING = "DEPLOYMENT_CREATING"
    READY = "DEPLOYMENT_READY"
    RECOVERING = "DEPLOYMENT_RECOVERING"
    FAILED = "DEPLOYMENT_FAILED"
    ABORTED = "DEPLOYMENT_ABORTED"


Identity = tuple[str, str, str, str, tuple[tuple[str, str], ...]]
"""Entities of the same identity are served by the same process: name, model, version, directory, environment."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One served entity: its public fields as they were sent, where its model lies, and how it is doing."""

    fields: Mapping[str, Any]
    model_dir: str
    state: EntityState = EntityState.CREATING
    message: str = ""

    @property
    def name(self) -> str:
        """The name that traffic routes use."""
        return str(self.fields["name"])

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that the model's own process gets."""
        return self.fields.get("environment_vars") or {}

    @property
    def identity(self) -> Identity:
        """What tells one process from another."""
        model, version = str(self.fields["entity_name"]), str(self.fields["entity_version"])
        return self.name, model, version, self.model_dir, tuple(sorted(self.environment.items()))


@dataclass(frozen=True)
class Route:
    """The share of the traffic, in percent, that a served entity takes."""

    entity: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class Config:
    """Served entities and the routes among them."""

    entities: tuple[Entity, ...]
    routes: tuple[Route, ...]
    version: int = 0
    start_time: int = 0
    """Milliseconds since the epoch at which its update began."""

    def same_as(self, other: Config | None) -> bool:
        """Whether both ask for the same, whatever their state, version and time."""
        return other is not None and self._wish == other._wish

    @property
    def _wish(self) -> object:
        return [(entity.fields, entity.model_dir) for entity in self.entities], self.routes

    def with_status(self, identity: Identity, state: EntityState, message: str) -> Config:
        """Return it with the entity of that identity, if it has one, in another state."""
        return replace(
            self,
            entities=tuple(
                replace(entity, state=state, message=message) if entity.identity == identity else entity
                for entity in self.entities
            ),
        )
