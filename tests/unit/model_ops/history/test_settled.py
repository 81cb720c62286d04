"""What the record of a failed update leaves open is asked of the workspace, model by model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from model_ops.commands import Commands
from model_ops.history.intervals import Served, intervals
from model_ops.history.settled import settled
from model_ops.history.updates import Pins, Update
from model_ops.pinning.rollback import choose
from model_ops.served import Endpoint

START = datetime(2026, 3, 1, tzinfo=UTC)


def update(at: int, result: str, **versions: int) -> Update:
    """An `up` of several models."""
    time = START + timedelta(hours=at)
    pins = {
        name: Pins(model=name, catalog="prod", schema="ml", endpoint=f"{name}-endpoint", version=version)
        for name, version in versions.items()
    }
    return Update(stack="prod", number=None, kind="update", result=result, started=time, ended=time, pins=pins)


RECORD = [
    update(0, "succeeded", bot=1, fraud=1),
    update(1, "succeeded", bot=2, fraud=1),
    update(2, "failed", bot=3, fraud=9),
]
"""In the last one `fraud` does not load, and `bot` comes to serve, or not."""


class Workspace:
    """Endpoints that serve a version each."""

    def __init__(self, **serving: int) -> None:
        self.serving, self.asked = serving, list[str]()

    def endpoint(self, name: str) -> Endpoint | None:
        self.asked.append(name)
        model = name.removesuffix("-endpoint")
        version = self.serving[model]
        ready = {"deployment": "DEPLOYMENT_READY"}
        entity = {
            "name": f"{model}-v{version}",
            "entity_name": f"prod.ml.{model}",
            "entity_version": str(version),
            "state": ready,
        }
        return {
            "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
            "config": {
                "served_entities": [entity],
                "traffic_config": {"routes": [{"served_entity_name": entity["name"], "traffic_percentage": 100}]},
            },
        }


def told(model: str, workspace: Workspace, record: list[Update] = RECORD) -> tuple[Served, ...]:
    return settled(intervals(record, model), workspace.endpoint)


def test_a_model_that_came_to_serve_in_a_failed_update_is_told_and_its_neighbour_is_not() -> None:
    workspace = Workspace(bot=3, fraud=1)
    assert [(each.version, each.settled) for each in told("bot", workspace)] == [(1, False), (2, False), (3, True)]
    assert [each.version for each in told("fraud", workspace)] == [1]


def test_a_rollback_of_it_goes_to_what_served_before() -> None:
    found, reason = choose(told("bot", Workspace(bot=3, fraud=1)), 3, Commands(stack="prod", model="bot"))
    assert (found.version, reason) == (2, "it served before version 3")


def test_a_model_that_did_not_come_to_serve_stays_where_it_was() -> None:
    found, _ = choose(told("bot", Workspace(bot=2, fraud=1)), 3, Commands(stack="prod", model="bot"))
    assert found.version == 2


def test_a_neighbour_whose_pin_the_failed_update_left_alone_can_be_rolled_back() -> None:
    record = [*RECORD[:2], update(2, "failed", bot=2, fraud=9)]
    workspace = Workspace(bot=2, fraud=1)
    assert choose(told("bot", workspace, record), 2, Commands(stack="prod", model="bot"))[0].version == 1
    assert workspace.asked == []


@pytest.mark.parametrize("record", [[], RECORD[:2]])
def test_nothing_is_asked_where_the_record_leaves_nothing_open(record: list[Update]) -> None:
    workspace = Workspace()
    assert [each.settled for each in told("bot", workspace, record)] == [False] * len(record)
    assert workspace.asked == []
