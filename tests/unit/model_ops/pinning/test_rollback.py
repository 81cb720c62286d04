"""Which version a rollback goes to: what was proven to serve, never what merely stands in the file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from model_ops.deployed import DeployedStack
from model_ops.errors import PlanError
from model_ops.history.intervals import Served, intervals
from model_ops.history.updates import Pins, Update
from model_ops.pinning.rollback import choose
from model_ops.target import Target
from model_ops.workspace.client import Workspace

STACK = DeployedStack(
    target=Target(stack="prod", workspace_url="https://w", models={}),
    workspace=Workspace("https://w"),
    file=Path("Pulumi.prod.yaml"),
    named="--stack prod",
)
START = datetime(2026, 3, 1, tzinfo=UTC)


def history(*versions: int) -> tuple[Served, ...]:
    """The intervals after an `up` of each version, an hour apart, all of which succeeded."""
    return intervals([update(at, version) for at, version in enumerate(versions)], "bot")


def update(at: int, version: int) -> Update:
    time = START + timedelta(hours=at)
    pins = {"bot": Pins(model="bot", catalog="prod", schema="rag", endpoint="bot", version=version)}
    return Update(stack="prod", number=None, kind="update", result="succeeded", started=time, ended=time, pins=pins)


@pytest.mark.parametrize(
    ("served", "pinned", "wanted"),
    [
        ((6, 7), 7, 6),
        ((7, 6, 7), 7, 6),
        ((5, 6, 7, 6), 6, 7),
        ((6, 7), 8, 7),
        ((6, 7), None, 7),
        ((7,), 8, 7),
    ],
)
def test_it_goes_to_the_last_that_was_proven_and_is_not_pinned(
    served: tuple[int, ...], pinned: int | None, wanted: int
) -> None:
    assert choose(history(*served), pinned, STACK)[0].version == wanted


@pytest.mark.parametrize(
    ("served", "pinned", "why"),
    [
        ((), 7, "Nothing was ever proven to serve"),
        ((7,), 7, "Version 7 is the only one"),
        ((6, 7), 6, "goes back to version 6 already"),
    ],
)
def test_where_there_is_nothing_to_go_back_to_it_says_so(served: tuple[int, ...], pinned: int, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        choose(history(*served), pinned, STACK)


def test_going_forward_again_to_what_was_left_is_said_so() -> None:
    assert "this goes forward again" in choose(history(6, 7, 6), 6, STACK)[1]
    assert "forward" not in choose(history(6, 7), 7, STACK)[1]
    assert "forward" not in choose(history(7, 6, 7), 7, STACK)[1]


def test_the_command_that_it_says_next_names_the_stack() -> None:
    with pytest.raises(PlanError, match="model-ops rollback --to N --stack prod"):
        choose((), 7, STACK)
