"""Which run of the engine may be begun again without a look: one that did nothing."""

from __future__ import annotations

import pytest

from engine.local_stack import LOST, Outcome
from engine.steps import Recorder, Step

URN = "urn:pulumi:local::rollpin::databricks:index/catalog:Catalog::local-catalog"


@pytest.mark.parametrize(
    ("error", "steps", "lost"),
    [
        (LOST, [], True),
        (f"{LOST}\nand more", [], True),
        (LOST, [Step("create", URN)], False),
        ("catalog local exists", [], False),
        (None, [], False),
    ],
)
def test_a_run_that_lost_its_engine_is_lost_only_where_nothing_was_done(
    error: str | None, steps: list[Step], lost: bool
) -> None:
    assert Outcome(Recorder(steps=steps), 1.0, error).is_lost is lost
