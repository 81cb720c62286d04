"""What a change of pins is called, whatever way it is written."""

from __future__ import annotations

from typing import Any

import pytest

from model_ops.review.moves import moves
from model_ops.review.review import Pinned


def pinned(version: int | None = 7, **fields: Any) -> Pinned:
    return Pinned(full_name="prod.rag.bot", endpoint="bot", version=version, **fields)


CANARY = {"canary": 8, "percent": 10}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (pinned(), pinned(8), ["roll forward"]),
        (pinned(), pinned(6), ["rollback"]),
        (None, pinned(), ["first deployment"]),
        (pinned(None), pinned(), ["first deployment"]),
        (None, pinned(None), ["entry added"]),
        (pinned(), None, ["entry removed"]),
        (pinned(), pinned(None), ["unpinned"]),
        (pinned(), pinned(**CANARY), ["canary started"]),
        (pinned(**CANARY), pinned(canary=8, percent=50), ["canary moved"]),
        (pinned(**CANARY), pinned(), ["canary ended"]),
        (pinned(**CANARY), pinned(8), ["canary promoted"]),
        (pinned(**CANARY), pinned(6), ["rollback", "canary ended"]),
        (pinned(), pinned(warm=(6, 7)), ["standby added", "standby added"]),
        (pinned(warm=(6,)), pinned(), ["standby removed"]),
        (pinned(), pinned(retired=True), ["retired"]),
        (pinned(retired=True), pinned(), ["revived"]),
        (pinned(), pinned(), []),
    ],
)
def test_a_change_of_pins_has_the_name_that_the_field_gives_it(
    before: Pinned | None, after: Pinned | None, kinds: list[str]
) -> None:
    assert [move.kind for move in moves(before, after)] == kinds


def test_going_to_an_older_version_that_served_says_that_it_did() -> None:
    (move,) = moves(pinned(), pinned(6), served={6})
    assert (move.kind, move.before, move.after) == ("rollback", "7", "6")
    assert move.sentence == "from version 7 back to version 6: it served before"


def test_going_forward_again_is_no_rollback_although_the_version_served_before() -> None:
    (move,) = moves(pinned(6), pinned(7), served={7})
    assert move.kind == "roll forward"
    assert move.sentence == "from version 6 forward again to version 7: it served before"
