"""Settles what the engine's record leaves open: an update fails as a whole, but not each of its models has failed.

The record holds one result for all resources of an update. Where it failed, and a model's own pins were others than
before, only the workspace knows whether that model came to serve them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from model_ops.history.intervals import Served
from model_ops.history.updates import Pins
from model_ops.served import Endpoint, Expected, judge

Ask = Callable[[str], Endpoint | None]
"""Gives the endpoint of a name as the REST API sends it, None if there is none."""


def settled(intervals: tuple[Served, ...], ask: Ask) -> tuple[Served, ...]:
    """Add what serves now by an update that failed for something else; asks only where one was tried and failed.

    Raises what `ask` raises.
    """
    last = intervals[-1] if intervals else None
    tried = last.tried if last else None
    if last is None or tried is None or not _serves(tried, ask):
        return intervals
    update = last.unproven[-1]
    ended = update.ended or last.confirmed
    now = Served(version=tried.version or last.version, pins=tried, update=update, confirmed=ended, settled=True)
    return (*intervals[:-1], replace(last, end=update), now)


def _serves(pins: Pins, ask: Ask) -> bool:
    if pins.version is None:
        return False
    expected = Expected(
        endpoint=pins.endpoint, model=pins.full_name, version=pins.version, canary=pins.canary, warm=pins.warm
    )
    return judge(ask(pins.endpoint), expected).served
