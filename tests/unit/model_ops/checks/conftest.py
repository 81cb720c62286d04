"""What MLflow says while it saves a model, in this directory alone."""

from pathlib import Path

import pytest

NOISE = (
    "ignore:.*Any type hint is inferred as AnyType:UserWarning",
    "ignore:.*Add type hints to the `predict` method:UserWarning",
    "ignore:.*An input example was not provided:UserWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for noise in NOISE:
                item.add_marker(pytest.mark.filterwarnings(noise))
