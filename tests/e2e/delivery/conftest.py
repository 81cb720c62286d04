"""A repository with two stacks whose workspaces are sandboxes, deployed once, for all stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.delivery import github_api
from tests.e2e.delivery.delivery import MODEL, Delivery
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import repository
from tests.e2e.delivery.run import Place, Run
from tests.e2e.engine import versions

STACKS = ("test", "prod")
FILES = Path(__file__).with_name("stacks")


@pytest.fixture(scope="session")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivery]:
    root = tmp_path_factory.mktemp("delivery")
    homes = {stack: Home(root / "sandboxes" / stack) for stack in STACKS}
    try:
        with ThreadPoolExecutor() as pool, github_api.serving() as api:
            started = [pool.submit(lifecycle.start, home) for home in homes.values()]
            made = repository(root / "repository", _with_these_stacks)
            for each in started:
                each.result()
            sandboxes = {f"{stack}{suffix}": home.root for stack, home in homes.items() for suffix in ("", "-preview")}
            place = Place(root / "runs", api, Queues(), Approvals({"prod"}), sandboxes)
            place.root.mkdir()
            delivery = Delivery(place, made, homes)
            runs = [delivery.dispatch("deploy", stack=stack) for stack in STACKS]
            list(pool.map(lambda stack, run: _begin(delivery, stack, run), STACKS, runs))
            yield delivery
    finally:
        for home in homes.values():
            lifecycle.stop(home)


def _with_these_stacks(checkout: Path) -> None:
    for file in checkout.glob("Pulumi.*.yaml"):
        file.unlink()
    for file in FILES.iterdir():
        shutil.copy2(file, checkout)


def _begin(delivery: Delivery, stack: str, run: Run) -> None:
    """Wait for the first deployment of a stack, which pins nothing yet, and register its versions."""
    if stack in delivery.place.approvals.protected:
        delivery.approve(run, stack)
    assert run.ended().result == "success", run.told
    versions.register(delivery.homes[stack], f"{stack}.serving.{MODEL}")
