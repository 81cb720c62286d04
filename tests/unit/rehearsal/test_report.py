"""The demo's verdict: every promise is checked, and a request counts as failed by the routes of its moment."""

from typing import Any

import pytest

from rehearsal.load import Shot
from rehearsal.report import Report, Timeline, broken_promises, failures, load_summary, rate

REFUSAL = "found: version 99 of local.chatbot.m, which does not exist; allowed: a version that is READY: 1, 2"


def timeline() -> Timeline:
    moments = Timeline()
    moments.add(10.0, 7)
    moments.add(20.0, 7, 6)
    moments.add(30.0, 6)
    return moments


def shot(sent: float, version: int | None, error: str | None = None) -> Shot:
    return Shot(sent=sent, answered=sent + 0.1, version=version, error=error)


def report(**changed: Any) -> Report:
    held: dict[str, Any] = {
        "versions": [1, 2, 3, 4, 5, 6, 7, 8],
        "rollback": {"served": 6, "changes": {"update": 1, "same": 9}},
        "refused": {"pin": 99, "message": REFUSAL},
        "failed_rollout": {"served_after": 6, "message": "the config update is UPDATE_FAILED"},
        "rollforward": {"served": 7},
        "indexed": {"served": 8, "answer": "To roll back, edit `servedVersion`"},
        "load": {"sent": 100, "failed": 0, "by_version": {"6": 50, "7": 50}},
    }
    return Report(**(held | changed))


def test_a_report_in_which_all_held_breaks_no_promise() -> None:
    assert broken_promises(report()) == []


@pytest.mark.parametrize(
    ("changed", "promise"),
    [
        ({"versions": [1, 2]}, "versions 1 to 8"),
        ({"rollback": {"served": 7, "changes": {"update": 1, "same": 9}}}, "version 6 answers"),
        ({"rollback": {"served": 6, "changes": {"update": 2, "same": 9}}}, "one update and nothing else"),
        ({"rollback": {"served": 6, "changes": {"update": 1, "same": 9, "replace": 1}}}, "one update and nothing"),
        ({"refused": {"pin": 99, "message": None}}, "pin 99 is refused"),
        ({"refused": {"pin": 99, "message": "no answer from http://127.0.0.1:39912"}}, "pin 99 is refused"),
        ({"failed_rollout": {"served_after": 6, "message": "the sandbox is gone"}}, "pin 9 fails"),
        ({"failed_rollout": {"served_after": 6, "message": None}}, "pin 9 fails"),
        ({"failed_rollout": {"served_after": 9, "message": "m"}}, "version 6 still answers"),
        ({"rollforward": {"served": 6}}, "version 7 answers"),
        ({"indexed": {"served": 7, "answer": "`servedVersion`"}}, "version 8 answers from its index"),
        ({"indexed": {"served": 8, "answer": "I found nothing"}}, "version 8 answers from its index"),
        ({"load": {"sent": 9, "failed": 1, "by_version": {"6": 4, "7": 4}}}, "no request failed"),
        ({"load": {"sent": 0, "failed": 0, "by_version": {}}}, "no request failed"),
        ({"load": {"sent": 9, "failed": 0, "by_version": {"7": 9}}}, "both took load"),
    ],
)
def test_each_promise_that_did_not_hold_is_named(changed: dict[str, Any], promise: str) -> None:
    assert any(promise in line for line in broken_promises(report(**changed)))


def test_an_empty_report_breaks_every_promise() -> None:
    assert len(broken_promises(Report())) == 10


@pytest.mark.parametrize(
    ("request_made", "failed"),
    [
        (shot(15, 7), False),
        (shot(15, 6), True),
        (shot(25, 7), False),
        (shot(25, 6), False),
        (shot(30, 7), True),
        (shot(35, 6), False),
        (shot(35, None), True),
        (shot(5, 7), True),
        (shot(35, 6, "503: busy"), True),
    ],
)
def test_a_request_fails_without_an_answer_or_with_one_that_no_route_named(request_made: Shot, failed: bool) -> None:
    assert bool(failures([request_made], timeline())) is failed


def test_the_summary_counts_answers_by_version_and_leaves_out_errors() -> None:
    shots = [shot(15, 7), shot(35, 6), shot(36, 6, "503")]
    assert load_summary(shots, timeline()) == {"sent": 3, "failed": 1, "by_version": {"6": 1, "7": 1}}


def test_the_rate_is_requests_over_the_time_between_the_first_and_the_last() -> None:
    assert rate([shot(10.0, 7), shot(10.5, 7), shot(11.0, 7)]) == pytest.approx(2.0)
    assert rate([shot(10.0, 7)]) == 0.0
