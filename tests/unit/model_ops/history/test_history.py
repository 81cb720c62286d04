"""What served when: only an `up` that succeeded proves anything."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_ops.errors import HistoryError
from model_ops.history.intervals import Served, at, in_words, intervals, parse_time, previous
from model_ops.history.updates import Pins, Update, parse
from model_ops.served import Canary

MODEL = "chatbot"
START = datetime(2026, 3, 1, tzinfo=UTC)
LOCAL = Path(__file__).parent / "records" / "local.json"


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def pinned(version: int | None, **more: Any) -> dict[str, Pins]:
    settings = {"model": MODEL, "catalog": "prod", "schema": "rag", "endpoint": "bot", "version": version}
    return {MODEL: Pins(**settings | more)}


def update(ended: int, version: int | None, **more: Any) -> Update:
    """An `up` that succeeded at an hour from the start."""
    settings: dict[str, Any] = {
        "stack": "prod",
        "number": None,
        "kind": "update",
        "result": "succeeded",
        "started": hour(ended) - timedelta(minutes=5),
        "ended": hour(ended),
        "changes": {"update": 1},
        "pins": pinned(version),
    }
    return Update(**settings | more)


def told(found: tuple[Served, ...]) -> list[tuple[int, datetime, datetime | None]]:
    return [(served.version, served.since, served.until) for served in found]


PARTIAL = {"pulumi.flag.target": "set"}


def test_each_version_serves_until_the_next_is_proven() -> None:
    found = intervals([update(0, None), update(1, 7), update(3, 6), update(4, 7)], MODEL)
    assert told(found) == [(7, hour(1), hour(3)), (6, hour(3), hour(4)), (7, hour(4), None)]
    assert [served.lasted(hour(10)) for served in found] == [timedelta(hours=n) for n in (2, 1, 6)]


def test_an_up_that_leaves_the_pin_confirms_it() -> None:
    (served,) = intervals([update(1, 7, environment={"git.head": "abc"}), update(2, 7), update(5, 7)], MODEL)
    assert (served.since, served.confirmed, served.confirmations) == (hour(1), hour(5), 2)
    assert (served.commit, served.stack, served.model) == ("abc", "prod", MODEL)


@pytest.mark.parametrize("result", ["failed", "in-progress", "cancelled"])
@pytest.mark.parametrize("kind", ["update", "destroy"])
def test_what_did_not_succeed_changes_nothing_and_is_kept(kind: str, result: str) -> None:
    tried = update(2, 8, kind=kind, result=result)
    (served,) = intervals([update(1, 7), tried], MODEL)
    assert (served.version, served.until, served.unproven) == (7, None, (tried,))


@pytest.mark.parametrize("kind", ["preview", "refresh", "import", "resource-import", "rename"])
def test_other_runs_of_the_engine_do_not_count(kind: str) -> None:
    (served,) = intervals([update(1, 7), update(2, 8, kind=kind)], MODEL)
    assert (served.version, served.until, served.unproven, served.confirmations) == (7, None, (), 0)


@pytest.mark.parametrize(
    "ending",
    [
        update(2, 7, kind="destroy"),
        update(2, None),
        update(2, 7, pins={}),
        update(2, 7, pins=None, remark="the record hides what it pinned"),
    ],
    ids=["a destroy", "an up without the pin", "an up without the model", "an up whose pins are hidden"],
)
def test_serving_ends_and_begins_anew(ending: Update) -> None:
    found = intervals([update(1, 7), ending, update(3, 7)], MODEL)
    assert told(found) == [(7, hour(1), hour(2)), (7, hour(3), None)]
    assert found[0].end is ending
    assert at(found, hour(2)) is None


@pytest.mark.parametrize(
    "change", [{"warm": (6, 7)}, {"canary": Canary(version=8, percent=10)}, {"catalog": "other"}, {"endpoint": "new"}]
)
def test_a_change_around_the_version_shows(change: dict[str, Any]) -> None:
    before, after = intervals([update(1, 7), update(2, 7, pins=pinned(7, **change))], MODEL)
    assert (before.version, before.until, after.version, after.since) == (7, hour(2), 7, hour(2))
    assert after.pins != before.pins


def test_an_up_of_chosen_resources_is_in_doubt_until_a_whole_one_confirms_it() -> None:
    chosen = [update(1, 7), update(2, 6, environment=PARTIAL)]
    doubtful = intervals(chosen, MODEL)[-1]
    assert (doubtful.version, doubtful.since) == (6, hour(2))
    assert "--target" in str(doubtful.doubt)
    sure = intervals([*chosen, update(3, 6)], MODEL)[-1]
    assert (sure.since, sure.doubt, sure.confirmed) == (hour(2), None, hour(3))


@pytest.mark.parametrize(
    "chosen",
    [
        update(2, 6, environment=PARTIAL, changes={"same": 3}),
        update(2, 6, environment=PARTIAL, kind="destroy"),
        update(2, None, environment=PARTIAL),
        update(2, 6, environment=PARTIAL, pins=None),
    ],
)
def test_a_run_on_chosen_resources_that_need_not_touch_the_endpoint_changes_nothing(chosen: Update) -> None:
    (served,) = intervals([update(1, 7), chosen], MODEL)
    assert (served.version, served.until, served.unproven) == (7, None, (chosen,))


def test_a_rollback_goes_to_the_last_other_version_that_was_proven() -> None:
    found = intervals([update(1, 6), update(2, 7), update(3, 6), update(4, 7), update(5, 8, result="failed")], MODEL)
    assert [getattr(previous(found, current), "since", None) for current in (7, 8, 6)] == [hour(3), hour(4), hour(4)]
    assert previous(found[:1], 6) is None
    assert previous((), 6) is None


def test_a_rollback_passes_over_doubts_and_other_registered_models() -> None:
    found = intervals(
        [update(0, 9, pins=pinned(9, catalog="old")), update(1, 5), update(2, 6, environment=PARTIAL), update(3, 7)],
        MODEL,
    )
    assert [served.version for served in found] == [9, 5, 6, 7]
    assert getattr(previous(found, 7), "version", None) == 5
    assert previous(found[:2], 5) is None


def test_updates_of_one_second_stay_as_the_record_has_them_in_either_order() -> None:
    record = [update(1, 5), update(2, 6), update(2, 7), update(3, 7)]
    assert intervals(record, MODEL) == intervals(record[::-1], MODEL)
    assert [served.version for served in intervals(record, MODEL)] == [5, 6, 7]
    numbered = [update(2, 7, number=3), update(2, 6, number=2)]
    assert [served.version for served in intervals(numbered, MODEL)] == [6, 7]


def test_the_record_of_a_sandbox_gives_what_was_done_on_it() -> None:
    model = "dbdemos_advanced_chatbot_model"
    found = intervals(parse("local", json.loads(LOCAL.read_text())), model)
    assert [(s.version, s.canary and s.canary.version, s.pins.warm, s.confirmations) for s in found] == [
        (2, None, (), 0),
        (1, None, (), 0),
        (2, None, (), 0),
        (2, 1, (), 0),
        (2, None, (1, 2), 1),
    ]
    assert [tried.pins and tried.pins[model].version for tried in found[1].unproven] == [3]
    assert found[-1].end is not None
    assert found[-1].end.kind == "destroy"


UPDATES = st.lists(
    st.builds(
        lambda ended, version, kind, result: update(ended, version, kind=kind, result=result),
        st.integers(0, 30),
        st.none() | st.integers(1, 4),
        st.sampled_from(["update", "update", "update", "destroy", "refresh", "preview"]),
        st.sampled_from(["succeeded", "succeeded", "failed"]),
    ),
    max_size=12,
    unique_by=lambda each: each.ended,
)


def replayed(updates: list[Update], when: datetime) -> int | None:
    """The version that served at a moment, the naive way."""
    serving = None
    for each in sorted(updates, key=lambda each: each.ended or START):
        if each.ended and each.ended <= when and each.result == "succeeded":
            if each.kind == "update":
                serving = each.pins[MODEL].version if each.pins else None
            elif each.kind == "destroy":
                serving = None
    return serving


@given(UPDATES, st.integers(0, 125))
def test_at_agrees_with_a_replay_in_any_order_of_updates(updates: list[Update], quarters: int) -> None:
    when = START + timedelta(minutes=15 * quarters)
    served = at(intervals(updates, MODEL), when)
    assert (served.version if served else None) == replayed(updates, when)


@given(UPDATES)
def test_intervals_are_in_order_and_never_overlap(updates: list[Update]) -> None:
    found = intervals(updates, MODEL)
    assert all(served.until is not None for served in found[:-1])
    times = [moment for served in found for moment in (served.since, served.until or hour(99))]
    assert times == sorted(times)
    assert all(served.lasted(hour(99)) > timedelta() for served in found)
    assert all(served.since <= served.confirmed <= (served.until or hour(99)) for served in found)
    adjacent = [(one, next_) for one, next_ in itertools.pairwise(found) if one.until == next_.since]
    assert all(one.pins != next_.pins for one, next_ in adjacent)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 13:00+01:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_utc(text: str, moment: datetime) -> None:
    assert (parse_time(text), parse_time(text).tzinfo) == (moment, UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "12:00", "2026-13-01", "01.03.2026", "0001-01-01T00:00+23:59"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(HistoryError, match=r"is no time\. .*2026-03-01T12:00Z") as refusal:
        parse_time(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (timedelta(days=1, minutes=5), "1 d"),
        (timedelta(minutes=17, seconds=18), "17 min 18 s"),
        (timedelta(seconds=0.4), "0 s"),
        (timedelta(seconds=-3), "0 s"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words
