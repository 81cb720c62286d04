"""Tells a change by hand from a rollout that failed: what one pinned and another left serving is nobody's hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model_ops.deployed import DeployedStack
from model_ops.drift.difference import Difference
from model_ops.history.updates import Update, updates

UPDATE, SUCCEEDED = "update", "succeeded"
OF_ROLLOUT = frozenset({"pin", "traffic", "warm versions"})
TAGGED = (": tag model_version", ": tag run_id")
"""What every rollout tags anew."""


def by_hand(stack: DeployedStack, found: Sequence[Difference]) -> tuple[list[Difference], list[str]]:
    """Give what was changed by hand, and in words what the last rollouts explain.

    After an `up` that failed, the outputs pin what never came to serve; what served before it serves still. The
    engine's history is asked only where a pin differs. Raises StackError where it cannot be read.
    """
    if stack.address is None or not any(each.kind == "pin" for each in found):
        return list(found), []
    served = _may_serve(updates(stack.address))
    pins = [each for each in found if each.kind == "pin" and each.serving in served.get(each.model or "", ())]
    remarks = [
        f"{each.what}: the last rollout failed; {each.deployed} was to serve and {each.found} does still. "
        f"See why: {stack.commands.verify}"
        for each in pins
    ]
    failed = {each.model for each in pins}
    return [each for each in found if each.model not in failed or not _is_of_rollout(each)], remarks


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
