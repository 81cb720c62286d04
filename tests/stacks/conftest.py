"""Runs the program on a stack file under Pulumi's mocks."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime import set_all_config
from pulumi.runtime.settings import set_root_resource

from infra.proof import workspace_there
from infra.proof.azure_api import AzureApi
from infra.proof.workspace_api import WorkspaceApi
from tests.stacks import churn as of_churn
from tests.stacks.churn import Churn
from tests.stacks.recorded import PROJECT, Stack, Versions, Workspace, engine_config, run_program

Run = Callable[..., Stack]


@pytest.fixture(autouse=True, scope="module")
def nothing_left_behind() -> Iterator[None]:
    """Finalise what the SDK leaves of a refused program here, not in the middle of somebody else's import."""
    yield
    gc.collect()


@contextmanager
def _own_event_loop() -> Iterator[None]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    left = asyncio.all_tasks(loop)  # of a program that was refused
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(autouse=True)
def own_event_loop() -> Iterator[None]:
    """The loop that the SDK looks for: another test's `asyncio.run` leaves none behind."""
    with _own_event_loop():
        yield


def _answering(workspace: Workspace) -> Callable[[WorkspaceApi, str], Mapping[str, Any]]:
    """A function to stand in for `WorkspaceApi.ask`: only a function becomes a method, which is given its object."""

    def ask(api: WorkspaceApi, path: str) -> Mapping[str, Any]:
        return workspace.ask(api.address, path)

    return ask


def _reading(workspace: Workspace) -> Callable[[WorkspaceApi, str], str]:
    """A function to stand in for `WorkspaceApi.text`."""

    def text(api: WorkspaceApi, path: str) -> str:
        return str(workspace.ask(api.address, path)["text"])

    return text


def _told(roles: Sequence[Mapping[str, Any]] | Exception) -> Sequence[Mapping[str, Any]]:
    if isinstance(roles, Exception):
        raise roles
    return roles


@contextmanager
def _running(patch: pytest.MonkeyPatch) -> Iterator[Run]:
    interrupted = signal.getsignal(signal.SIGINT)
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CLIENT_ID", "DATABRICKS_AUTH_TYPE"):
        patch.delenv(name, raising=False)

    def run(
        stack: str,
        versions: Versions | None = None,
        *,
        project: Path = PROJECT,
        host: str = "",
        config: Mapping[str, str] | None = None,
        into: Stack | None = None,
        there: Mapping[str, Any] | None = None,
        last: Mapping[str, Any] | None = None,
    ) -> Stack:
        if host:
            patch.setenv("DATABRICKS_HOST", host)
        made = into or Stack()
        workspace = Workspace(versions or {}, made, there or {}, last or {})
        patch.setattr(WorkspaceApi, "ask", _answering(workspace))
        patch.setattr(WorkspaceApi, "text", _reading(workspace))
        patch.setattr(AzureApi, "listed", lambda *_: _told(made.roles))
        patch.setattr(AzureApi, "ask", lambda *_: made.places)
        patch.setattr(workspace_there, "reach", lambda _: None)  # the workspace has no address, but answers
        run_program(workspace, stack, project, config or engine_config(project, stack))
        return made

    yield run
    signal.signal(signal.SIGINT, interrupted)
    set_root_resource(None)
    set_all_config({})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run the program on the file of a stack; a refusal raises pulumi.RunError, and `into` holds what was made."""
    with _running(monkeypatch) as run:
        yield run


@pytest.fixture(scope="module")
def run_once() -> Run:
    """Run the program as `run` does, once for all tests of a file: they only read what it made."""

    def run_once(*words: Any, **more: Any) -> Stack:
        with _own_event_loop(), pytest.MonkeyPatch.context() as patch, _running(patch) as run:
            return run(*words, **more)

    return run_once


@pytest.fixture
def churn(run: Run, tmp_path: Path) -> Churn:
    """Run a stack of one model, with the settings given, on a workspace where the endpoint is as given.

    `last` is what the stack said of itself after its last run, `more` a line of its config; what else is there goes
    by its path.
    """

    def churn(
        settings: str,
        live: Mapping[str, Any] | None = None,
        *,
        protect: bool = True,
        last: Mapping[str, Any] | None = None,
        host: str = of_churn.HOST,
        more: str = "",
        **there: Any,
    ) -> Stack:
        entry = f"{{catalog: main, schema: shared, createSchema: false, {settings}}}"
        config = (
            f"config:\n  rollpin:protect: {str(protect).lower()}\n  rollpin:models:\n    churn: {entry}\n  {more}\n"
        )
        (tmp_path / "Pulumi.dev.yaml").write_text(config)
        found = {**of_churn.SECRETS, **({of_churn.ENDPOINT: live} if live else {}), **there}
        return run("dev", of_churn.VERSIONS, project=tmp_path, host=host, there=found, last=last)

    return churn
