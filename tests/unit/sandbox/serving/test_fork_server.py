"""When a fork server is started, replaced and given up; its process is a fake that forks, ends and hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os

import pytest

from sandbox.serving.child import Command
from sandbox.serving.fork_server import ForkServer, NotForkedError


class FakeOrphans:
    def adopt(self) -> None: ...

    def spared(self):
        return contextlib.nullcontext()


class FakeProcess:
    def __init__(self) -> None:
        self.proven, self.failure = False, None
        self.child, self.over = self, asyncio.Event()

    async def fork(self, command):
        if self.failure:
            raise self.failure
        self.proven = True
        return self

    async def ended(self) -> str:
        await self.over.wait()
        return "exit code 1: no MLflow"

    async def stop(self, grace: float) -> None:
        self.over.set()


class Started(list):
    """Starts fakes, the next of them with `failure`, and remembers them."""

    failure = None

    def __call__(self) -> FakeProcess:
        self.append(FakeProcess())
        self[-1].failure = self.failure
        return self[-1]


@pytest.fixture
def started():
    return Started()


@pytest.fixture
def server(started, tmp_path):
    return ForkServer(started, FakeOrphans(), tmp_path)


@pytest.fixture
def command(tmp_path):
    return Command(argv=(), env={}, cwd=tmp_path, log=tmp_path / "log", descriptors=())


async def end(process: FakeProcess) -> None:
    process.over.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def test_one_process_forks_for_all(server, started, command):
    async def main():
        return [await server.fork(command), await server.fork(command)]

    assert asyncio.run(main()) == [started[0], started[0]]
    assert len(started) == 1


def test_one_that_was_lost_is_replaced(server, started, command):
    async def main():
        await server.fork(command)
        await end(started[0])
        return await server.fork(command)

    assert asyncio.run(main()) is started[1]


def test_one_that_ends_before_it_has_forked_is_given_up_for_good(server, started, command):
    async def main():
        started.failure = ConnectionResetError("it has ended")
        with pytest.raises(NotForkedError, match="it has ended"):
            await server.fork(command)
        await end(started[0])
        with pytest.raises(NotForkedError, match="There is no fork server: it ended with exit code 1: no MLflow"):
            await server.fork(command)

    asyncio.run(main())
    assert len(started) == 1


@pytest.mark.parametrize(("proven", "processes"), [(True, 2), (False, 1)])
def test_one_that_does_not_answer_is_stopped_and_replaced_if_it_ever_had(server, started, command, proven, processes):
    async def main():
        if proven:
            await server.fork(command)
        started.failure = None if proven else TimeoutError()
        if proven:
            started[0].failure = TimeoutError()
        with pytest.raises(NotForkedError, match="did not answer"):
            await server.fork(command)
        assert started[0].over.is_set()
        with contextlib.suppress(NotForkedError):
            await server.fork(command)

    asyncio.run(main())
    assert len(started) == processes


def test_one_that_imported_what_has_been_installed_anew_is_replaced(server, started, command, tmp_path):
    async def main():
        await server.fork(command)
        os.utime(tmp_path, ns=(0, 0))
        await server.fork(command)
        await server.fork(command)

    asyncio.run(main())
    assert [process.over.is_set() for process in started] == [True, False]


def test_where_it_does_not_work_none_is_started(started, command, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(NotForkedError, match="Linux only"):
        asyncio.run(ForkServer(started, FakeOrphans(), tmp_path).fork(command))
    assert started == []
