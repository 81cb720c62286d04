"""What pages tell their reader to type is typed, in a checkout as a newcomer has it, and prints what they show."""

from __future__ import annotations

import pytest

from tests.documents.block import blocks, written_by_hand
from tests.documents.story import Story
from tests.e2e.documents.conftest import Rehearsal

ORDER = ("docs/get-started.md", "docs/sandbox.md", "docs/second-model.md")
"""Each page begins with what the ones before it have left; what is not named here follows."""
PLAYED = {page for page in written_by_hand() if any(block.stories == ["checkout"] for block in blocks(page))}


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("page", [*ORDER, *sorted(PLAYED - set(ORDER))])
def test_a_page_can_be_played(story: Story, page: str) -> None:
    assert page in PLAYED, "no block of it is of this story any more"
    story.tell(page)


@pytest.mark.timeout(600)
def test_a_new_environment_is_deployed_trained_into_pinned_and_proven(first: Rehearsal) -> None:
    first.tell("docs/first-deploy.md")

    proven, said = first.type("model-ops verify --stack prod")
    assert (proven, "version 1 serves on endpoint chatbot, as pinned" in said) == (0, True)
