"""What pages show of the demo, and of the sandbox that it leaves, is what is printed today."""

from __future__ import annotations

import pytest

from tests.documents.block import blocks, written_by_hand
from tests.documents.story import Story
from tests.e2e.rehearsal.conftest import Demo

PAGES = [page for page in written_by_hand() if any(block.of == "demo" for block in blocks(page))]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_is_printed(demo: Demo, page: str) -> None:
    Story("demo", demo.directory, {"demo": demo.printed}).tell(page)
