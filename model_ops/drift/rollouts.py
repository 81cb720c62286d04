"""Tells a change by hand from what the engine did itself: a rollout that failed, a state that took over what was there.

After an `up` that failed, the outputs pin what never came to serve, and what served before it serves still. And every
`up` and `refresh` writes into the state what is there: after one that succeeded nothing is lost by that, after another
one the state tells of a resource no more what was deployed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from model_ops.drift.difference import Difference
from model_ops.drift.state import Deployed
from model_ops.history.updates import Update

UPDATE, SUCCEEDED = "update", "succeeded"
TOUCHING = frozenset({UPDATE, "refresh", "import", "resource-import", "destroy"})
"""What writes the state; a preview does not."""
OF_ROLLOUT = frozenset({"pin", "traffic", "warm versions"})
TAGGED = (": tag model_version", ": tag run_id")
"""What every rollout tags anew."""
SECOND = timedelta(seconds=1)
"""To which the engine records when an update ended."""


def by_hand(told: Sequence[Update], found: Sequence[Difference]) -> tuple[list[Difference], list[str]]:
    """Give what was changed by hand, and in words what the rollouts since the last one that succeeded explain."""
    served = _may_serve(told)
    pins = [each for each in found if each.kind == "pin" and each.serving in served.get(each.model or "", ())]
    remarks = [
        f"{each.what}: the last rollout failed; {each.deployed} was to serve, and {each.found} does still"
        for each in pins
    ]
    failed = {each.model for each in pins}
    return [each for each in found if each.model not in failed or not _is_of_rollout(each)], remarks


def taken_over(told: Sequence[Update], deployed: Iterable[Deployed]) -> list[tuple[Deployed, datetime]]:
    """Give what the engine has written into the state since the last `up` that succeeded, and when."""
    touching = [each for each in told if each.kind in TOUCHING and each.result != "in-progress"]
    good = [each.ended for each in touching if each.kind == UPDATE and each.result == SUCCEEDED and each.ended]
    if not good or (touching[-1].kind, touching[-1].result) == (UPDATE, SUCCEEDED):
        return []
    return [(each, each.modified) for each in deployed if each.modified and each.modified > good[-1] + SECOND]


def _is_of_rollout(difference: Difference) -> bool:
    """Whether a rollout that ends half-way leaves it behind."""
    return difference.kind in OF_ROLLOUT or difference.what.endswith(TAGGED)


def _may_serve(told: Sequence[Update]) -> Mapping[str, frozenset[int]]:
    """The versions that may serve after updates that failed: by model, those of the last that succeeded and since.

    Nothing where the last update succeeded: then it serves what it pinned, or somebody changed it.
    """
    ups = [each for each in told if each.kind == UPDATE and each.result != "in-progress"]
    if not ups or ups[-1].result == SUCCEEDED:
        return {}
    last = max((place for place, each in enumerate(ups) if each.result == SUCCEEDED), default=0)
    found: dict[str, frozenset[int]] = {}
    for each in ups[last:]:
        for name, pins in (each.pins or {}).items():
            found[name] = found.get(name, frozenset()) | ({pins.version} if pins.version else set())
    return found
