"""One serving endpoint: its deployment, the model servers that carry it out, and where its traffic goes."""

from __future__ import annotations

import asyncio
import logging
import time

from sandbox.serving.config_update import Deployment, Update, check_none_runs
from sandbox.serving.launcher import Launcher
from sandbox.serving.model_server import ModelServer
from sandbox.serving.served_config import Config, Entity, EntityState, Identity
from sandbox.serving.store import Store
from sandbox.serving.traffic import Split

LONGEST_UPDATE = 1200.0
"""Seconds that the entities of a new config get to become ready."""
TOO_SLOW = f"It was not ready within {LONGEST_UPDATE:.0f} seconds."

_logger = logging.getLogger(__name__)


class Endpoint:
    """Carries out a deployment. Whatever it takes up is on disk before anybody is told so."""

    def __init__(self, name: str, deployment: Deployment, store: Store, launcher: Launcher) -> None:
        self.name = name
        self.deployment = deployment
        self.split: Split[ModelServer] = Split()
        """Where the traffic goes now: the routes' ready servers. Replaced whole, so that a switch is atomic."""
        self._store, self._launcher = store, launcher
        self._servers: dict[Identity, ModelServer] = {}
        self._named: dict[str, ModelServer] = {}
        self._changed = asyncio.Event()
        self._update: asyncio.Task[None] | None = None
        self._draining: set[asyncio.Task[None]] = set()

    def named(self, entity: str) -> ModelServer | None:
        """Return the model server of an entity of the active config."""
        return self._named.get(entity)

    def entity_id(self, entity: str) -> str | None:
        """Return the id of an entity of the active config, as the payload table names it."""
        active = self.deployment.active
        ids = [one.fields.get("id") for one in (active.entities if active else ()) if one.name == entity]
        return str(ids[0]) if ids and ids[0] is not None else None

    def knows(self, entity: str) -> bool:
        """Whether a served entity of that name is or was to be served."""
        configs = (self.deployment.active, self.deployment.pending)
        return any(entity == known.name for config in configs if config for known in config.entities)

    def put(self, config: Config) -> None:
        """Begin to serve `config`; raises ApiError (409) while an update runs."""
        check_none_runs(self.name, self.deployment)
        begun = self.deployment.begin(config, now=int(time.time() * 1000))
        self._store.save(self.name, begun)
        self.deployment = begun
        self._roll_out()

    def resume(self) -> None:
        """Serve again what a former router served, and take up the update that it did not finish."""
        self.deployment = self.deployment.interrupted()
        for entity in self.deployment.active.entities if self.deployment.active else ():
            self._start(entity, proven=True)
        self._direct()
        self._roll_out()

    def close(self) -> None:
        """Take no more requests and send every model server away."""
        if self._update is not None:
            self._update.cancel()
        self.split, self._named = Split(), {}
        while self._servers:
            self._drain(self._servers.popitem()[1])

    def _roll_out(self) -> None:
        if self.deployment.update is Update.RUNNING:
            self._update = asyncio.create_task(self._carry_out())

    async def _carry_out(self) -> None:
        pending = self.deployment.pending
        for entity in pending.entities if pending else ():
            if entity.identity not in self._servers:
                self._start(entity, proven=False)
        try:
            async with asyncio.timeout(LONGEST_UPDATE):
                succeeded = await self._settled()
        except TimeoutError:
            succeeded = False
            self._give_up_slow()
        self._conclude(self.deployment.switched() if succeeded else self.deployment.failed())

    def _conclude(self, outcome: Deployment) -> None:
        # On the event loop on purpose: nothing can change between the state on disk and the switch of the routes.
        try:
            self._store.save(self.name, outcome)
        except OSError:
            _logger.exception("Endpoint %s: its update is given up, because its state cannot be written", self.name)
            outcome = self.deployment.failed()
        self.deployment = outcome
        _logger.info("Endpoint %s: %s", self.name, outcome.update.value)
        self._direct()
        self._dismiss_unused()

    async def _settled(self) -> bool:
        while True:
            states = {entity.state for entity in self.deployment.pending.entities} if self.deployment.pending else set()
            if EntityState.FAILED in states:
                return False
            if states == {EntityState.READY}:
                return True
            self._changed.clear()
            await self._changed.wait()

    def _give_up_slow(self) -> None:
        pending = self.deployment.pending
        for entity in pending.entities if pending else ():
            if entity.state is EntityState.CREATING:
                self.deployment = self.deployment.with_status(entity.identity, EntityState.FAILED, TOO_SLOW)

    def _start(self, entity: Entity, *, proven: bool) -> None:
        try:
            server = self._launcher.launch(self.name, entity, proven=proven)
        except OSError as error:
            message = f"Its model server cannot be started: {error}"
            self.deployment = self.deployment.with_status(entity.identity, EntityState.FAILED, message)
            return
        self._servers[entity.identity] = server
        server.start(lambda: self._observe(entity.identity, server))

    def _observe(self, identity: Identity, server: ModelServer) -> None:
        if self._servers.get(identity) is server:
            self.deployment = self.deployment.with_status(identity, server.state, server.message)
            self._direct()
            self._changed.set()

    def _direct(self) -> None:
        active = self.deployment.active
        if active is None:
            return
        self._named = {e.name: self._servers[e.identity] for e in active.entities if e.identity in self._servers}
        shares = [(self._named[route.entity], route.percent) for route in active.routes if route.entity in self._named]
        self.split = Split.of((server, percent) for server, percent in shares if server.ready)

    def _dismiss_unused(self) -> None:
        active = self.deployment.active
        used = {entity.identity for entity in active.entities} if active else set()
        for identity in [identity for identity in self._servers if identity not in used]:
            self._drain(self._servers.pop(identity))

    def _drain(self, server: ModelServer) -> None:
        task = asyncio.create_task(server.drain())
        self._draining.add(task)
        task.add_done_callback(self._draining.discard)
