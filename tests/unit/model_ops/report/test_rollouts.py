"""The rollouts of a stack, from what the engine recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from model_ops.history.updates import Pins, Update
from model_ops.report.rollouts import MOST, rollouts

START = datetime(2026, 3, 1, tzinfo=UTC)


def update(hour: int, version: int | None, **changes: object) -> Update:
    pins = Pins(model="bot", catalog="c", schema="s", endpoint="bot", version=version)
    made = Update(
        stack="prod",
        number=hour,
        kind="update",
        result="succeeded",
        started=START + timedelta(hours=hour),
        ended=START + timedelta(hours=hour, seconds=62),
        changes={"same": 3, "update": 1},
        pins={"bot": pins},
    )
    return replace(made, **changes)


def test_the_latest_rollout_comes_first_and_says_what_it_pinned_otherwise():
    last, first = rollouts([update(1, 6), update(2, 7)], START)

    assert (first.pins, last.pins) == (("bot: no version → version 6",), ("bot: version 6 → version 7",))
    assert (last.took, last.seconds, last.changes) == ("1 min 2 s", 62.0, "1 update, 3 same")


def test_what_changes_nothing_is_no_rollout():
    told = rollouts([update(1, 6), update(2, 6, kind="refresh"), update(3, 6, kind="preview")], START)

    assert [each.number for each in told] == [1]


def test_what_began_before_the_report_is_left_out_and_what_follows_is_still_told_against_it():
    (told,) = rollouts([update(1, 6), update(5, 7)], START + timedelta(hours=3))

    assert told.pins == ("bot: version 6 → version 7",)


def test_of_many_rollouts_the_latest_are_told():
    told = rollouts([update(hour, hour) for hour in range(1, MOST + 9)], START)

    assert [each.number for each in told] == list(range(MOST + 8, 8, -1))


def test_one_that_goes_on_has_taken_no_time_yet():
    (told,) = rollouts([update(1, 6, ended=None, result="in-progress")], START)

    assert (told.took, told.seconds, told.result) == ("", None, "in-progress")


def test_a_message_shows_no_credential():
    (told,) = rollouts([update(1, 6, message="Use dapi0123456789abcdef0123456789abcdef")], START)

    assert told.message == "Use …"
