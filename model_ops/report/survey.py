"""Asks every stack for what a report shows; one that cannot be asked says why, and holds up none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from model_ops.credential import hidden
from model_ops.deployed import DeployedStack
from model_ops.drift.drift import find_drift
from model_ops.errors import ModelOpsError, in_one_line
from model_ops.history.updates import Update, updates
from model_ops.proving.status import StackStatus, drift_between, stack_statuses
from model_ops.report.model_survey import Scope, survey_model, told_offline
from model_ops.report.picture import ByHand, Picture, StackPicture
from model_ops.report.rollouts import rollouts

DAYS = 90
"""How far back a report goes unless told otherwise."""


def survey_stacks(
    stacks: Sequence[str],
    find: Callable[[str], DeployedStack],
    *,
    days: int = DAYS,
    metrics: Sequence[str] = (),
    now: datetime | None = None,
) -> Picture:
    """Ask `stacks` for all that a report shows, `days` back from `now`; `metrics` are those to plot, else the usual.

    Raises nothing that a stack, its workspace or git answers: that is in the picture, as a problem or a remark.
    """
    made = (now or datetime.now(UTC)).replace(microsecond=0)
    scope = Scope(made=made, since=made - timedelta(days=days), metrics=tuple(metrics))
    opened: dict[str, DeployedStack] = {}

    def remembered(stack: str) -> DeployedStack:
        opened[stack] = find(stack)
        return opened[stack]

    statuses = stack_statuses(stacks, remembered)
    with ThreadPoolExecutor(max(1, len(statuses))) as pool:
        asked = pool.map(lambda status: _stack(status, opened.get(status.stack), scope), statuses)
        return Picture(made=made, since=scope.since, stacks=tuple(asked), between=drift_between(statuses))


def _stack(status: StackStatus, stack: DeployedStack | None, scope: Scope) -> StackPicture:
    problem = None if status.problem is None else in_one_line(status.problem)
    if stack is None:
        return StackPicture(name=status.stack, problem=problem)
    record, unread = _record(stack)
    by_hand, unseen = (None, ()) if problem else _by_hand(stack)
    if problem is None:
        models = [survey_model(stack, each, record, scope) for each in status.models]
    else:  # its workspace does not answer, but its engine did
        models = [told_offline(stack, each, record, scope) for each in stack.target.models.values()]
    return StackPicture(
        name=stack.name,
        workspace=stack.workspace.url,
        problem=problem,
        models=tuple(models),
        rollouts=rollouts(record, scope.since),
        by_hand=by_hand,
        remarks=(*_rehearsed(stack), *([unread] if unread else []), *unseen),
    )


def _rehearsed(stack: DeployedStack) -> Iterator[str]:
    if stack.address and stack.address.rehearsed:
        yield str(stack.address.rehearsed)


def _record(stack: DeployedStack) -> tuple[Sequence[Update], str | None]:
    """All that the engine recorded, or why that cannot be read."""
    if stack.address is None:
        return (), "its outputs were read from a file, which has no history"
    try:
        return updates(stack.address), None
    except ModelOpsError as error:
        return (), in_one_line(str(error))


def _by_hand(stack: DeployedStack) -> tuple[tuple[ByHand, ...] | None, tuple[str, ...]]:
    """What was changed by hand, and what of that could not be seen."""
    try:
        found = find_drift(stack)
    except ModelOpsError as error:
        return None, (f"what was changed by hand could not be looked at: {in_one_line(str(error))}",)
    told = (
        ByHand(
            model=each.model or "",
            what=each.what,
            deployed=hidden(each.deployed),
            found=hidden(each.found),
            by=each.by,
            at=each.at,
        )
        for each in found.differences
    )
    unseen = (f"not seen whether it was changed by hand: {each}" for each in found.unseen)
    return tuple(told), (*unseen, *found.remarks)
