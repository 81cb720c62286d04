"""Chooses the version to go back to: the one that was proven to serve before, and never a newer one by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import PlanError, StackError
from model_ops.history.intervals import Served, in_words, intervals, older, previous
from model_ops.history.settled import settled
from model_ops.history.updates import Pins, updates
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
    Raises PlanError where there is nothing to go back to, or only by going forward; StackError, PinError and
    WorkspaceError.
    """
    served = _served(stack, model, needed=to is None)
    if to is not None:
        return plan_pin(stack, model, to, loading=loading, accept=accept, reason=_proven(served, to))
    found, reason = choose(served, pins.read(stack.file, model.name), stack.commands_for(model))
    reason = f"{reason}; {_proven(served, found.version)}"
    return plan_pin(stack, model, found.version, loading=loading, accept=accept, reason=reason)


def choose(served: tuple[Served, ...], pinned: int | None, commands: Commands) -> tuple[Served, str]:
    """Choose the interval to go back to, and say why; `pinned` is what the stack's file says now.

    Raises PlanError where nothing was ever proven, nothing else was, the file goes back already, or what served before
    is newer: whoever types a rollback twice must not end where it began.
    """
    if not served:
        nothing = f"Nothing was ever proven to serve in stack {commands.stack}, so there is nothing to go back to."
        raise PlanError(f"{nothing}\n{_name(commands)}")
    last = served[-1]
    if pinned is None or pinned > last.version:
        what = "nothing" if pinned is None else f"version {pinned}"
        return last, f"the file pins {what}, and version {last.version} is the last that was proven to serve"
    if pinned < last.version:
        raise _goes_back_already(last, pinned, commands)
    if tried := last.tried:
        raise _not_deployed(last, tried, commands)
    before = previous(served, last.version)
    if before is None:
        raise PlanError(
            f"Version {pinned} is the only one that was proven to serve in stack {commands.stack}.\n{_name(commands)}"
        )
    if before.version > last.version:
        raise _went_back(served, before, commands)
    return before, f"it served before version {last.version}"


def _goes_back_already(last: Served, pinned: int, commands: Commands) -> PlanError:
    tried = last.tried
    failed = " The update that was to deploy it failed." if tried and tried.version == pinned else ""
    return PlanError(
        f"The stack's file goes back to version {pinned} already, and version {last.version} serves until it is "
        f"deployed.{failed}\nDeploy it: {commands.up}. To stay: {_to(commands, last.version)}. "
        f"To go somewhere else: {_to(commands)}"
    )


def _not_deployed(last: Served, tried: Pins, commands: Commands) -> PlanError:
    return PlanError(
        f"The stack's file pins version {last.version} again, which serves still after a rollout that failed: "
        f"{tried.words}.\nDeploy it, so that file and engine agree: {commands.up}. To go elsewhere: {_to(commands)}"
    )


def _went_back(served: tuple[Served, ...], newer: Served, commands: Commands) -> PlanError:
    """Say what serves, what was before, and how to go further: two who type it at once must not go two steps."""
    now = served[-1].version
    before = older(served, now)
    further = (
        f"To go further back: {_to(commands, before.version)} ({_proven(served, before.version)})"
        if before
        else f"No older version was proven to serve; to go to another: {_to(commands)}"
    )
    return PlanError(
        f"Version {now} serves, and before it the newer version {newer.version} did: this stack has gone back already, "
        f"and a rollback does not go forward by itself.\n{further}. "
        f"To go forward again: {_to(commands, newer.version)} ({_proven(served, newer.version)})"
    )


def _served(stack: DeployedStack, model: TargetModel, *, needed: bool) -> tuple[Served, ...]:
    commands = stack.commands_for(model)
    if stack.address is None:
        if needed:
            raise PlanError(
                f"The outputs of stack {stack.name} in a file say nothing of what served before.\n{_name(commands)}"
            )
        return ()
    try:
        told = intervals(updates(stack.address), model.name)
    except StackError:
        if needed:
            raise
        return ()
    return settled(told, stack.workspace.endpoint)


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


def _to(commands: Commands, version: int | str = "N") -> str:
    return commands.model_ops("rollback", "--to", version)


def _name(commands: Commands) -> str:
    return f"Name the version: {_to(commands)} ({commands.model_ops('versions')} lists them)"
