"""What a rollout that failed leaves behind is nobody's hand, and what a state took over is not as it was deployed."""

from __future__ import annotations

from datetime import UTC, datetime

from model_ops.drift.difference import Difference
from model_ops.drift.rollouts import by_hand, taken_over
from model_ops.drift.state import Deployed
from model_ops.history.updates import Pins, Update

GOOD, BAD = "succeeded", "failed"


def at(hour: int) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC)


def update(hour: int, result: str, version: int, kind: str = "update") -> Update:
    pins = Pins(model="bot", catalog="prod", schema="rag", endpoint="bot", version=version)
    return Update(
        stack="prod", number=None, kind=kind, result=result, started=at(hour), ended=at(hour), pins={"bot": pins}
    )


def difference(serving: int | None = 6, kind: str = "pin", what: str = "endpoint bot: served version") -> Difference:
    return Difference(model="bot", kind=kind, what=what, deployed="version 7", found="version 6", serving=serving)  # type: ignore[arg-type]


def test_what_served_before_a_rollout_that_failed_was_changed_by_nobody() -> None:
    tag = difference(None, "tags", "endpoint bot: tag model_version")
    found, remarks = by_hand([update(1, GOOD, 6), update(2, BAD, 7)], [difference(), tag])

    assert found == []
    assert remarks == [
        "endpoint bot: served version: the last rollout failed; version 7 was to serve, and version 6 does still"
    ]


def test_another_version_than_a_rollout_left_is_a_change_by_hand() -> None:
    found, remarks = by_hand([update(1, GOOD, 6), update(2, BAD, 7)], [difference(5)])

    assert ([each.serving for each in found], remarks) == ([5], [])


def test_after_a_rollout_that_succeeded_the_version_before_it_is_a_change_by_hand() -> None:
    found, remarks = by_hand([update(1, GOOD, 6), update(2, GOOD, 7)], [difference()])

    assert (len(found), remarks) == (1, [])


def test_what_a_failed_up_or_a_refresh_wrote_into_the_state_is_not_what_was_deployed() -> None:
    grants = Deployed(type="Grants", name="bot-grants", id="model/prod.rag.bot", model="bot", modified=at(3))
    model = Deployed(type="RegisteredModel", name="bot-model", id="prod.rag.bot", model="bot", modified=at(1))

    assert taken_over([update(2, GOOD, 6), update(3, BAD, 7)], [grants, model]) == [(grants, at(3))]
    assert taken_over([update(2, GOOD, 6), update(3, GOOD, 6, "refresh")], [grants, model]) == [(grants, at(3))]
    assert taken_over([update(2, BAD, 6), update(3, GOOD, 7)], [grants, model]) == []
