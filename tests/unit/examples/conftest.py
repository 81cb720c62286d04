"""Indexing, which imports scikit-learn: only where a test asks for it."""

from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def indexing() -> ModuleType:
    from examples.chatbot import indexing

    return indexing
