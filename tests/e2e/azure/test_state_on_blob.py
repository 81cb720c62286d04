"""State on Azure Blob, on Azurite: the engine of the cloud's stacks keeps it there, locks it, and lets go of it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import pytest

from model_ops.stack import Address, target
from tests.azure.error import AzureError
from tests.e2e.azure import azurite
from tests.e2e.azure.azurite import Storage
from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import SERVERLESS, PlatformStack
from tests.e2e.engine.stand_in.driven_stack import Run

LOCKED = "the stack is currently locked by 1 lock(s)"
BOUND = 120


class Blob(PlatformStack):
    """A stack whose state is on Blob storage."""

    storage: Storage

    def pulumi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type a command of the engine's own, beside a run that may be under way."""
        command = [self.cloud.command.command, *words, "--stack", self.name, "--non-interactive"]
        return subprocess.run(
            command, cwd=self.project, env=self.environment, capture_output=True, text=True, check=False
        )

    def blobs(self, directory: str) -> list[str]:
        """The names of the blobs in a directory of the state."""
        return [each.rpartition("/")[2] for each in self.storage.container.list_blob_names(name_starts_with=directory)]

    @contextmanager
    def held(self) -> Iterator[Iterator[Run]]:
        """Run an `up` as far as the storage account, and no further until this ends; that it asks for is lost."""
        reached, free = threading.Event(), threading.Event()

        def hold(resource_id: str) -> None:
            if resource_id == self.account:
                reached.set()
                free.wait(BOUND)
                raise AzureError(503, "ServerTimeout", "The request was lost.")

        self.cloud.subscription.ahead = hold
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(self.run, "up")
            running.add_done_callback(lambda _: reached.set())
            try:
                assert reached.wait(BOUND)
                assert not running.done(), running.result().output
                yield (running.result(BOUND) for _ in range(1))
            finally:
                self.cloud.subscription.ahead = lambda _: None
                free.set()


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    with azurite.started(tmp_path_factory.mktemp("azurite")) as storage:
        yield storage


@pytest.fixture(scope="module")
def blob(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud, metastore: str, storage: Storage) -> Blob:
    stack = Blob("blob", tmp_path_factory.mktemp("blob"), cloud, metastore, SERVERLESS, storage.variables)
    stack.storage = storage
    stack.say(protect=False)
    return stack


def test_one_run_at_a_time_holds_the_lock_and_another_is_refused(blob: Blob) -> None:
    with blob.held():
        assert len(blob.blobs(".pulumi/locks/")) == 1
        refused = blob.pulumi("refresh", "--yes")
    assert refused.returncode != 0
    assert LOCKED in refused.stderr
    assert blob.blobs(".pulumi/locks/") == []


def test_a_run_that_was_killed_leaves_its_lock_until_it_is_cancelled(blob: Blob) -> None:
    with blob.held() as ended:
        (engine,) = [each for each in psutil.Process().children() if each.name() == "pulumi"]
        engine.kill()
        assert next(ended).failed
    assert LOCKED in blob.run("up").output
    assert blob.pulumi("cancel", "--yes").returncode == 0
    assert blob.run("up").errors == ""
    assert blob.run("up").changes == {}


def test_state_and_history_are_blobs_and_hold_no_secret(blob: Blob) -> None:
    kept = blob.storage.container
    history = blob.pulumi("stack", "history", "--json")

    assert "blob.json" in blob.blobs(".pulumi/stacks/rollpin/")
    assert '"kind": "update"' in history.stdout
    texts = [kept.download_blob(each).readall() for each in kept.list_blob_names()]
    assert [text for text in texts if blob.cloud.home.token.encode() in text or blob.storage.key.encode() in text] == []


def test_what_the_stack_says_of_itself_is_read_from_there(blob: Blob) -> None:
    where = Address(blob.name, str(blob.cloud.command.command), blob.project, blob.environment)

    assert target(where).workspace_url == blob.cloud.url
    assert target(where).models["chatbot"].full_name == blob.model


def test_it_is_destroyed_from_there(blob: Blob) -> None:
    gone = blob.run("destroy")

    assert gone.errors == ""
    assert gone.changes.keys() == {"delete"}
    assert blob.cloud.subscription.get(blob.group) is None
