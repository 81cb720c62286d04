"""What all end-to-end tests share: the engine's Automation API is not tidy, and that is not theirs to mend."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import plain_environment

LEFT_OPEN = (
    # The Automation API leaves the event loop of an inline program to the garbage collector.
    r"ignore:Exception ignored in. .*(BaseEventLoop|socket\.socket|coroutine object run):"
    "pytest.PytestUnraisableExceptionWarning"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, what the Automation API leaves open."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))


@pytest.fixture(scope="session")
def plain_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the plain requirements alone; nobody changes it."""
    return plain_environment.make(tmp_path_factory.mktemp("plain") / "venv")


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Collect garbage within the test that made it, not in whichever comes next."""
    yield
    gc.collect()
    gc.freeze()  # what is left is here to stay: looking through MLflow's modules anew takes a second each time
