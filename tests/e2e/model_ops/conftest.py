"""One checkout with three trained versions, of which 2 serves after 1 did: 3 is registered and does not load."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.training import train
from tests.e2e.model_ops.workplace import IDENTITY, MODEL, Workplace, open_workplace

THIRD_PARTY_NOISE = [
    # MLflow describes its own response types when mlflow.pyfunc is imported, and asks for type hints.
    "ignore:.*Any type hint is inferred as AnyType:UserWarning",
    "ignore:.*Add type hints to the `predict` method:UserWarning",
    # What is wrong with these models is that they have no example, among other things.
    "ignore:.*An input example was not provided:UserWarning",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, the warnings about MLflow's own code."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for noise in THIRD_PARTY_NOISE:
                item.add_marker(pytest.mark.filterwarnings(noise))


@pytest.fixture(scope="session", autouse=True)
def unsigned() -> Iterator[None]:
    """Nobody's credentials are in the environment, and git knows nobody's settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        for name, value in IDENTITY.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, unsigned: None) -> Iterator[Workplace]:
    with open_workplace(tmp_path_factory.mktemp("checkout")) as workplace:
        train(workplace.home, workplace.stack.target().models[MODEL], "6,7,9")
        workplace.serve(1)
        workplace.serve(2)
        yield workplace


@pytest.fixture
def serving(place: Workplace) -> Iterator[Workplace]:
    """The checkout as each test finds and leaves it: clean, on main at one commit, with version 2 pinned."""
    found = place.git("rev-parse", "main")
    yield place
    place.git("checkout", "--quiet", "--force", "main")
    place.git("reset", "--quiet", "--hard", found)
