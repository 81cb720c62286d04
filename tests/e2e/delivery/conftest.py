"""A repository with two stacks whose workspaces are sandboxes, deployed once, for all stories."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import lifecycle
from sandbox.home import Home
from tests.e2e.delivery import azure_api, github_api
from tests.e2e.delivery.azure_delivery import AzureDelivery
from tests.e2e.delivery.comments import differs
from tests.e2e.delivery.delivery import MODEL, Delivery
from tests.e2e.delivery.github_api import REPOSITORY
from tests.e2e.delivery.laptop import Laptop, laptop
from tests.e2e.delivery.pipeline_run import Project
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import repository
from tests.e2e.delivery.run import Place
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
            # Whoever promotes to prod may read what test has registered.
            profiles = {"prod": _profile(root / "databrickscfg", homes["test"])}
            place = Place(root / "runs", api, Queues(), Approvals({"prod"}), sandboxes, profiles)
            place.root.mkdir()
            delivery = Delivery(place, made, homes)
            begun = [pool.submit(_by_workflow, delivery, "test"), pool.submit(_by_hand, delivery, "prod")]
            for each in begun:
                each.result()
            yield delivery
    finally:
        for home in homes.values():
            lifecycle.stop(home)


@pytest.fixture(scope="session")
def azure(delivery: Delivery) -> Iterator[AzureDelivery]:
    """The same repository and workspaces, behind Azure DevOps."""
    place = delivery.place
    with azure_api.serving() as api:
        root = place.root.with_name("pipelines")
        root.mkdir()
        project = Project(root, api, place.queues, place.approvals, place.sandboxes)
        yield AzureDelivery(delivery, project)


@pytest.fixture(scope="session")
def desk(delivery: Delivery) -> Iterator[Laptop]:
    """A clone whose owner may open pull requests, and may sign in to either workspace."""
    homes = delivery.homes
    # Who is asked about prod can be asked about test too: what a promotion needs.
    other = homes["prod"].root / "stacks" / "test"
    other.symlink_to(homes["test"].root / "stacks" / "test")
    yield _desk(delivery)
    other.unlink()


@pytest.fixture
def expects(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a comment to the expected one of a name; `--write-expected` writes it anew."""

    def hold(name: str, comment: str) -> None:
        found = differs(name, comment, write=request.config.getoption("--write-expected"))
        assert not found, f"\n{found}\nIf that is right: make test ARGS='tests/e2e/delivery --write-expected'"

    return hold


def _with_these_stacks(checkout: Path) -> None:
    for file in checkout.glob("Pulumi.*.yaml"):
        file.unlink()
    for file in FILES.iterdir():
        shutil.copy2(file, checkout)


def _by_workflow(delivery: Delivery, stack: str) -> None:
    """Deploy a stack for the first time, which pins nothing yet, and register its versions."""
    run = delivery.dispatch("deploy", stack=stack)
    assert run.ended().result == "success", run.told
    versions.register(delivery.homes[stack], f"{stack}.serving.{MODEL}")


def _by_hand(delivery: Delivery, stack: str) -> None:
    """The same, as the page of the first deployment says."""
    laptop = _desk(delivery)
    laptop.do(*laptop.blocks("docs/first-deploy.md"))
    versions.register(delivery.homes[stack], f"{stack}.serving.{MODEL}")


def _desk(delivery: Delivery) -> Laptop:
    """Somebody's clone, made once."""
    api, directory = delivery.place.api, delivery.place.root.with_name("desk") / "serving"
    variables = {
        "GITHUB_TOKEN": api.grant({"contents": "write", "pull-requests": "write"}),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_API_URL": api.url,
    }
    homes = {**delivery.homes, "prod-search": delivery.homes["prod"]}
    return laptop(directory, delivery.repository.remote, homes, variables)


def _profile(file: Path, home: Home) -> Path:
    """A Databricks config file that signs in to a sandbox."""
    file.touch(mode=0o600)
    file.write_text(f"[other]\nhost = {home.url}\ntoken = {home.token}\n")
    return file
