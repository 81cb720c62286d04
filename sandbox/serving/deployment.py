"""What an endpoint serves and what is on its way: frozen values, and the steps from one to the next.

The rules are Databricks': the active config serves until every entity of the pending one is ready; a failed update
leaves the active config as it was and stays to be seen as pending until the next one begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class EntityState(StrEnum):
    """What a served entity says of itself (Databricks' ServedModelStateDeployment)."""

    CREATING = "DEPLOYMENT_CREATING"
    READY = "DEPLOYMENT_READY"
    RECOVERING = "DEPLOYMENT_RECOVERING"
    FAILED = "DEPLOYMENT_FAILED"
    ABORTED = "DEPLOYMENT_ABORTED"


class Update(StrEnum):
    """Where an endpoint's config update stands (Databricks' EndpointStateConfigUpdate)."""

    NONE = "NOT_UPDATING"
    RUNNING = "IN_PROGRESS"
    FAILED = "UPDATE_FAILED"


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


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """All that is known of one endpoint."""

    active: Config | None = None
    pending: Config | None = None
    update: Update = Update.NONE
    versions: int = field(default=0)
    """How many configs it has been given."""

    @property
    def ready(self) -> bool:
        """Whether every entity of the active config is ready."""
        return self.active is not None and all(e.state is EntityState.READY for e in self.active.entities)

    def begin(self, config: Config, *, now: int) -> Deployment:
        """Start an update to `config`; entities that serve already keep their state. `now` in milliseconds."""
        if config.same_as(self.active):
            return replace(self, pending=None, update=Update.NONE)
        known = {entity.identity: entity for entity in (self.active.entities if self.active else ())}
        entities = tuple(
            replace(entity, state=known[entity.identity].state, message=known[entity.identity].message)
            if entity.identity in known
            else entity
            for entity in config.entities
        )
        pending = replace(config, entities=entities, version=self.versions + 1, start_time=now)
        return replace(self, pending=pending, update=Update.RUNNING, versions=pending.version)

    def with_status(self, identity: Identity, state: EntityState, message: str = "") -> Deployment:
        """Return it with that entity in another state wherever it is being served or started."""
        pending = self.pending
        if pending and self.update is Update.RUNNING:
            pending = pending.with_status(identity, state, message)
        active = self.active.with_status(identity, state, message) if self.active else None
        return replace(self, active=active, pending=pending)

    def switched(self) -> Deployment:
        """Return it with the pending config serving."""
        return replace(self, active=self.pending, pending=None, update=Update.NONE)

    def failed(self) -> Deployment:
        """Return it with the update given up: what was still starting is aborted, the active config untouched."""
        if self.pending is None:
            return self
        serving = {entity.identity for entity in (self.active.entities if self.active else ())}
        entities = tuple(
            entity if entity.state is EntityState.FAILED or entity.identity in serving else _abort(entity)
            for entity in self.pending.entities
        )
        return replace(self, pending=replace(self.pending, entities=entities), update=Update.FAILED)

    def interrupted(self) -> Deployment:
        """Return it as a restart finds it: nothing runs, what served recovers, a running update begins anew."""
        active = self.active
        if active:
            recovering = tuple(_restarting(entity, EntityState.RECOVERING) for entity in active.entities)
            active = replace(active, entities=recovering)
        pending = self.pending
        if pending and self.update is Update.RUNNING:
            serving = {entity.identity for entity in (active.entities if active else ())}
            pending = replace(pending, entities=tuple(_resumed(entity, serving) for entity in pending.entities))
        return replace(self, active=active, pending=pending)


def _abort(entity: Entity) -> Entity:
    message = entity.message or "Stopped, because the update did not succeed."
    return replace(entity, state=EntityState.ABORTED, message=message)


def _restarting(entity: Entity, state: EntityState) -> Entity:
    return replace(entity, state=state, message="Starting again with the sandbox.")


def _resumed(entity: Entity, serving: set[Identity]) -> Entity:
    return _restarting(entity, EntityState.RECOVERING if entity.identity in serving else EntityState.CREATING)
