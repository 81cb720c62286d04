"""One checkout in which the pages are played, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.documents.checkout import checkout
from tests.documents.story import Story


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with checkout(tmp_path_factory.mktemp("story") / "rollpin") as directory:
        yield Story("checkout", directory)
