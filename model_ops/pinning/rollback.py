"""Chooses the version to go back to: the one that was proven to serve before, by the engine's own record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from model_ops.deployed import DeployedStack
from model_ops.errors import PlanError, StackError
from model_ops.history.intervals import Served, in_words, intervals, previous
from model_ops.history.updates import updates
from model_ops.pinning import pins
from model_ops.pinning.plan import PinPlan, plan_pin
from model_ops.target import TargetModel


def plan_rollback(
    stack: DeployedStack,
    model: TargetModel,
    *,
    to: int | None = None,
    loading: bool = True,
    accept: Collection[str] = (),
) -> PinPlan:
    """Plan to go back to version `to`, or to the one that served before; the stack's file is not touched.

    Where the file pins what never came to serve, as after a failed rollout, that is the version which serves still.
    Raises PlanError where there is nothing to go back to; StackError, PinError and WorkspaceError.
    """
    served = _served(stack, model, needed=to is None)
    if to is not None:
        return plan_pin(stack, model, to, loading=loading, accept=accept, reason=_proven(served, to))
    found, reason = choose(served, pins.read(stack.file, model.name), stack)
    reason = f"{reason}; {_proven(served, found.version)}"
    return plan_pin(stack, model, found.version, loading=loading, accept=accept, reason=reason)


def choose(served: tuple[Served, ...], pinned: int | None, stack: DeployedStack) -> tuple[Served, str]:
    """Choose the interval to go back to, and say why; `pinned` is what the stack's file says now.

    Raises PlanError where nothing was ever proven, nothing else was, or the file goes back already.
    """
    if not served:
        nothing = f"Nothing was ever proven to serve in stack {stack.name}, so there is nothing to go back to."
        raise PlanError(f"{nothing}\n{_name(stack)}")
    last, before = served[-1], previous(served, served[-1].version)
    if pinned == last.version and _untold(last):
        raise PlanError(
            f"The stack's file pins version {pinned} again, which serves still after a rollout that failed.\n"
            f"Deploy it, so that file and engine agree: {stack.up}. To go elsewhere: "
            f"model-ops rollback --to N {stack.named}"
        )
    if pinned == last.version and before is not None:
        newer = before.version > last.version
        forward = f", and is newer: this goes forward again, to what version {last.version} replaced" if newer else ""
        return before, f"it served before version {last.version}{forward}"
    if pinned == last.version:
        raise PlanError(
            f"Version {pinned} is the only one that was proven to serve in stack {stack.name}.\n{_name(stack)}"
        )
    if before is not None and pinned == before.version:
        raise PlanError(
            f"The stack's file goes back to version {pinned} already, and version {last.version} serves until it is "
            f"deployed.\nDeploy it: {stack.up}. To go somewhere else: model-ops rollback --to N {stack.named}"
        )
    what = "nothing" if pinned is None else f"version {pinned}"
    return last, f"the file pins {what}, which was not proven to serve, and version {last.version} was"


def _served(stack: DeployedStack, model: TargetModel, *, needed: bool) -> tuple[Served, ...]:
    if stack.address is None:
        if needed:
            raise PlanError(
                f"The outputs of stack {stack.name} in a file say nothing of what served before.\n{_name(stack)}"
            )
        return ()
    try:
        return intervals(updates(stack.address), model.name)
    except StackError:
        if needed:
            raise
        return ()


def _untold(last: Served) -> bool:
    """Say whether something else was tried since a version was last proven, and failed."""
    return any(update.ended is not None and update.ended > last.confirmed for update in last.unproven)


def _proven(served: tuple[Served, ...], number: int) -> str:
    found = [each for each in served if each.version == number]
    if not found:
        return "it was never proven to serve here"
    last = found[-1]
    if last.until is None:
        return f"it was last proven to serve at {_at(last.confirmed)}"
    lasted = in_words(last.lasted(datetime.now(UTC)))
    return f"it was proven to serve from {_at(last.since)} to {_at(last.until)}, for {lasted}"


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%SZ}"


def _name(stack: DeployedStack) -> str:
    return f"Name the version: model-ops rollback --to N {stack.named} (model-ops versions {stack.named} lists them)"
