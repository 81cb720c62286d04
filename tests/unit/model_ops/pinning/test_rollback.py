"""Which version a rollback goes to: what was proven to serve, never what merely stands in the file, never a newer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from model_ops.commands import Commands
from model_ops.errors import PlanError
from model_ops.history.intervals import Served, intervals
from model_ops.history.updates import Pins, Update
from model_ops.pinning.rollback import choose
from model_ops.served import Canary

PROD = Commands(stack="prod")
START = datetime(2026, 3, 1, tzinfo=UTC)


def history(*versions: int, failed: int | None = None, canary: Canary | None = None) -> tuple[Served, ...]:
    """The intervals after an `up` of each version, an hour apart, and one of `failed` that came to nothing."""
    ups = [update(at, version) for at, version in enumerate(versions)]
    if failed is not None:
        ups.append(update(len(versions), failed, result="failed", canary=canary))
    return intervals(ups, "bot")


def update(at: int, version: int, *, result: str = "succeeded", canary: Canary | None = None) -> Update:
    time = START + timedelta(hours=at)
    pins = Pins(model="bot", catalog="prod", schema="rag", endpoint="bot", version=version, canary=canary)
    return Update(stack="prod", number=None, kind="update", result=result, started=time, ended=time, pins={"bot": pins})


def refused(served: tuple[Served, ...], pinned: int | None, commands: Commands = PROD) -> str:
    with pytest.raises(PlanError) as refusal:
        choose(served, pinned, commands)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("served", "pinned", "wanted"),
    [
        ((6, 7), 7, 6),
        ((7, 6, 7), 7, 6),
        ((7, 6, 8), 8, 6),
        ((6, 7), 8, 7),
        ((6, 7), None, 7),
        ((7,), 8, 7),
        ((6, 7, 6), 7, 6),
    ],
)
def test_it_goes_to_the_last_that_was_proven_and_is_not_pinned(
    served: tuple[int, ...], pinned: int | None, wanted: int
) -> None:
    assert choose(history(*served), pinned, PROD)[0].version == wanted


@pytest.mark.parametrize(
    ("served", "pinned", "why"),
    [
        ((), 7, "Nothing was ever proven to serve"),
        ((7,), 7, "Version 7 is the only one"),
        ((6, 7), 6, "goes back to version 6 already"),
        ((5, 6, 7), 5, "goes back to version 5 already"),
    ],
)
def test_where_there_is_nothing_to_go_back_to_it_says_so(served: tuple[int, ...], pinned: int, why: str) -> None:
    assert why in refused(history(*served), pinned)


def test_typed_a_second_time_it_does_not_go_forward_and_says_how_to() -> None:
    said = refused(history(6, 7, 6), 6)
    assert "Version 6 serves, and before it the newer version 7 did: this stack has gone back already" in said
    assert "No older version was proven to serve; to go to another: model-ops rollback --to N --stack prod." in said
    assert (
        "To go forward again: model-ops rollback --to 7 --stack prod (it was proven to serve from 2026-03-01 01" in said
    )


def test_typed_a_second_time_it_names_the_older_version_that_served_and_does_not_take_it() -> None:
    said = refused(history(5, 6, 7, 6), 6)
    assert "To go further back: model-ops rollback --to 5 --stack prod (it was proven to serve from" in said
    assert "To go forward again: model-ops rollback --to 7 --stack prod" in said


@pytest.mark.parametrize("served", [(6, 7), (5, 6, 7), (7, 6), (6, 7, 6), (5, 7, 6, 5), (1, 3, 2, 4)])
@pytest.mark.parametrize("pinned", [None, *range(1, 9)])
def test_it_never_takes_a_version_that_is_newer_than_what_serves_or_is_pinned(
    served: tuple[int, ...], pinned: int | None
) -> None:
    try:
        wanted = choose(history(*served), pinned, PROD)[0].version
    except PlanError:
        return
    assert wanted <= served[-1]
    assert pinned is None or wanted < pinned


def test_after_a_rollout_that_failed_what_serves_is_to_be_deployed_again() -> None:
    said = refused(history(6, 7, failed=8), 7)
    assert "pins version 7 again, which serves still after a rollout that failed: version 8." in said
    assert "Deploy it, so that file and engine agree: make up STACK=prod." in said


def test_a_canary_that_failed_is_told_as_such() -> None:
    failed = history(6, 7, failed=7, canary=Canary(version=8, percent=10))
    assert "after a rollout that failed: version 7, with version 8 at 10 %." in refused(failed, 7)


def test_a_rollback_that_failed_is_told_with_the_way_to_stay() -> None:
    said = refused(history(6, 7, failed=6), 6)
    assert "goes back to version 6 already, and version 7 serves until it is deployed. The update that was to" in said
    assert "To stay: model-ops rollback --to 7 --stack prod." in said


def test_an_update_that_failed_for_something_else_is_none_of_the_models() -> None:
    """It had the same pins for this model, so another resource of the stack failed."""
    assert choose(history(6, 7, failed=7), 7, PROD)[0].version == 6


def test_an_update_that_failed_for_something_else_has_ended_the_rollout_before_it() -> None:
    ups = [update(0, 6), update(1, 7), update(2, 8, result="failed"), update(3, 7, result="failed")]
    assert choose(intervals(ups, "bot"), 7, PROD)[0].version == 6


@pytest.mark.parametrize(("served", "pinned"), [((), 7), ((7,), 7), ((6, 7), 6), ((5, 6, 7, 6), 6)])
def test_each_command_that_it_says_next_is_complete(served: tuple[int, ...], pinned: int) -> None:
    demo = Commands(stack="local", home=Path(".sandbox/demo"), model="bot")
    said = refused(history(*served), pinned, demo)
    commands = said.count("model-ops ")
    assert commands > 0
    assert said.count("--stack local --model bot --project .sandbox/demo") == commands
    assert "make up" not in said
