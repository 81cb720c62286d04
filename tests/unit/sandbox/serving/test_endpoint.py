from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from sandbox.serving import endpoint as module
from sandbox.serving.config_update import Deployment, Update
from sandbox.serving.endpoint import Endpoint
from sandbox.serving.errors import ApiError
from sandbox.serving.served_config import Config, Entity, EntityState, Route


class Server:
    """A model server whose state the test sets."""

    def __init__(self, name: str, proven: bool) -> None:
        self.name, self.proven = name, proven
        self.state, self.message, self.drained = EntityState.CREATING, "", False
        self._watch: Callable[[], None] = lambda: None

    @property
    def ready(self) -> bool:
        return self.state is EntityState.READY

    def start(self, watch: Callable[[], None]) -> None:
        self._watch = watch

    def become(self, state: EntityState, message: str = "") -> None:
        self.state, self.message = state, message
        self._watch()

    async def drain(self) -> None:
        self.drained = True


class Launcher:
    def __init__(self) -> None:
        self.servers: list[Server] = []

    def launch(self, endpoint: str, entity: Entity, *, proven: bool) -> Server:
        self.servers.append(Server(entity.name, proven))
        return self.servers[-1]


class Disk:
    """Keeps what was saved last, or is full."""

    def __init__(self) -> None:
        self.saved: Deployment | None = None
        self.full = False

    def save(self, name: str, deployment: Deployment) -> None:
        if self.full:
            raise OSError("No space left on device")
        self.saved = deployment


class Stage:
    def __init__(self, deployment: Deployment | None = None) -> None:
        self.disk, self.launcher = Disk(), Launcher()
        self.endpoint = Endpoint("chat", deployment or Deployment(), self.disk, self.launcher)

    async def put(self, *versions: int) -> list[Server]:
        """Begin an update and return the servers that it has started."""
        before = len(self.launcher.servers)
        self.endpoint.put(config(*versions))
        await settle()
        return self.launcher.servers[before:]

    async def serve(self, *versions: int) -> list[Server]:
        servers = await self.put(*versions)
        for server in servers:
            server.become(EntityState.READY)
        await settle()
        return servers

    @property
    def update(self) -> Update:
        return self.endpoint.deployment.update


def config(*versions: int) -> Config:
    fields = [
        {"name": f"v{version}", "entity_name": "m", "entity_version": str(version), "id": f"id of {version}"}
        for version in versions
    ]
    entities = tuple(Entity(fields=one, model_dir="/m") for one in fields)
    return Config(entities=entities, routes=(Route(f"v{versions[0]}", 100),))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_the_routes_switch_at_once_when_the_last_entity_is_ready():
    async def main():
        stage = Stage()
        [old] = await stage.serve(6)
        seven, eight = await stage.put(7, 8)
        seven.become(EntityState.READY)
        await settle()
        assert stage.endpoint.split.targets == (old,)
        eight.become(EntityState.READY)
        await settle()
        assert stage.endpoint.split.targets == (seven,)
        assert (old.drained, seven.drained, stage.update) == (True, False, Update.NONE)
        assert stage.disk.saved == stage.endpoint.deployment

    asyncio.run(main())


def test_a_failure_sends_away_what_was_started_for_it_alone():
    async def main():
        stage = Stage()
        [old] = await stage.serve(6)
        seven, eight = await stage.put(7, 8, 6)
        eight.become(EntityState.FAILED, "no index")
        await settle()
        assert stage.endpoint.split.targets == (old,)
        assert (seven.drained, eight.drained, old.drained) == (True, True, False)
        assert stage.disk.saved.update is stage.update is Update.FAILED

    asyncio.run(main())


def test_entities_that_are_never_ready_fail_the_update_in_the_end(monkeypatch):
    async def main():
        monkeypatch.setattr(module, "LONGEST_UPDATE", 0.01)
        stage = Stage()
        [slow] = await stage.put(7)
        async with asyncio.timeout(10):
            await stage.endpoint._update
        [entity] = stage.endpoint.deployment.pending.entities
        assert (stage.update, entity.state) == (Update.FAILED, EntityState.FAILED)
        await settle()
        assert slow.drained

    asyncio.run(main())


def test_an_update_that_cannot_be_written_down_is_not_begun():
    async def main():
        stage = Stage()
        [old] = await stage.serve(6)
        stage.disk.full = True
        with pytest.raises(OSError, match="No space"):
            await stage.put(7)
        assert (stage.update, stage.launcher.servers) == (Update.NONE, [old])

    asyncio.run(main())


def test_a_switch_that_cannot_be_written_down_is_not_made():
    async def main():
        stage = Stage()
        [old] = await stage.serve(6)
        [new] = await stage.put(7)
        stage.disk.full = True
        new.become(EntityState.READY)
        await settle()
        assert (stage.update, stage.endpoint.split.targets) == (Update.FAILED, (old,))

    asyncio.run(main())


def test_an_update_is_refused_while_one_runs():
    async def main():
        stage = Stage()
        await stage.put(6)
        with pytest.raises(ApiError) as refusal:
            await stage.put(7)
        assert (refusal.value.status, len(stage.launcher.servers)) == (409, 1)

    asyncio.run(main())


def test_a_server_that_recovers_gets_no_requests_and_then_gets_them_again():
    async def main():
        stage = Stage()
        [server] = await stage.serve(6)
        server.become(EntityState.RECOVERING)
        assert (stage.endpoint.split.targets, stage.endpoint.deployment.ready) == ((), False)
        server.become(EntityState.READY)
        assert (stage.endpoint.split.targets, stage.endpoint.deployment.ready) == ((server,), True)

    asyncio.run(main())


def test_what_became_of_a_server_that_was_sent_away_is_nobodys_concern():
    async def main():
        stage = Stage()
        [old] = await stage.serve(6)
        await stage.serve(7)
        [again] = await stage.serve(6)
        old.become(EntityState.RECOVERING)
        assert stage.endpoint.split.targets == (again,)
        assert stage.endpoint.deployment.ready

    asyncio.run(main())


def test_a_restart_starts_what_served_for_good_and_what_was_on_its_way_on_trial():
    async def main():
        deployment = Deployment().begin(config(6), now=0).switched().begin(config(7, 6), now=0)
        stage = Stage(deployment)
        stage.endpoint.resume()
        await settle()
        assert [(server.name, server.proven) for server in stage.launcher.servers] == [("v6", True), ("v7", False)]

    asyncio.run(main())


def test_an_entity_goes_by_the_id_that_it_was_given():
    async def main():
        stage = Stage()
        assert stage.endpoint.entity_id("v6") is None
        await stage.serve(6)
        assert stage.endpoint.entity_id("v6") == "id of 6"
        assert stage.endpoint.entity_id("v7") is None

    asyncio.run(main())
