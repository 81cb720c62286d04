"""One config update of an endpoint at a time: when it may begin, and what serves while it runs and after it ended.

The rules are Databricks': a second update is refused with 409 while one runs; the active config serves until every
entity of the pending one is ready; a failed update leaves the active config as it was and stays to be seen as pending
until the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from sandbox.serving.errors import conflict
from sandbox.serving.served_config import Config, Entity, EntityState, Identity


class Update(StrEnum):
    """Where an endpoint's config update stands (Databricks' EndpointStateConfigUpdate)."""

    NONE = "NOT_UPDATING"
    RUNNING = "IN_PROGRESS"
    FAILED = "UPDATE_FAILED"


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


def check_none_runs(endpoint: str, deployment: Deployment) -> None:
    """Raise ApiError (409) while an update of the endpoint runs."""
    if deployment.update is Update.RUNNING:
        raise conflict(f"Endpoint {endpoint} is being updated. Wait until the update has ended, then try again.")


def _abort(entity: Entity) -> Entity:
    message = entity.message or "Stopped, because the update did not succeed."
    return replace(entity, state=EntityState.ABORTED, message=message)


def _restarting(entity: Entity, state: EntityState) -> Entity:
    return replace(entity, state=state, message="Starting again with the sandbox.")


def _resumed(entity: Entity, serving: set[Identity]) -> Entity:
    return _restarting(entity, EntityState.RECOVERING if entity.identity in serving else EntityState.CREATING)
