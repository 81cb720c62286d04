"""A bootstrap's course: what it does step by step, what it takes back, and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model_ops.bootstrap.answer import is_such
from model_ops.bootstrap.command import Command
from model_ops.bootstrap.standing import Observer, Standing
from model_ops.bootstrap.step import AnyStep, Ban, Holding, Step
from model_ops.errors import AzureError, BootstrapError, ForbiddenError


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A step that is taken back: by which command, or why by none."""

    step: Step
    command: Command | None
    why_not: str = ""
    unseen: bool = False
    """Whether nobody knows if there is something to take back."""


def carry_out(standing: Standing, observer: Observer) -> None:
    """Do what a step lacks; raises AzureError where Azure refuses, BootstrapError where a person must do it."""
    step, azure = standing.step, observer.azure
    if azure is None or standing.right or (isinstance(step, Ban) and not step.mended):
        return
    if standing.state == "unseen":
        raise ForbiddenError(standing.why_unseen)
    if isinstance(step, Step) and step.by_hand:
        raise BootstrapError(f"There is no {step.label}. {step.by_hand}")
    if isinstance(step, Step) and standing.state == "foreign":
        raise BootstrapError(_foreign(step, standing))
    for mend in standing.mends:
        answer = azure.act(mend.filled(observer.known))
        observer.forget()
        if isinstance(step, Step) and isinstance(answer, dict):
            observer.learn(step, answer)
    if isinstance(step, Step) and not observer.known.keys() >= step.gives.keys():
        observer.stand(step)


def _foreign(step: Step, standing: Standing) -> str:
    unlike = "; ".join(map(str, standing.differences))
    claims = " ".join(claim.typed({}) for claim in standing.mends)
    return f"it is there, and somebody else made it: {unlike}.\n{step.instead}\nTo take it over on purpose: {claims}"


def removals(steps: Sequence[AnyStep], observer: Observer, given_up: str = "") -> list[Removal]:
    """Say what is taken back, the last first; raises AzureError.

    `given_up` is the name of the container whose states somebody gives up.
    """
    wanted = [step for step in steps if isinstance(step, Step)]
    standings = [(step, observer.stand(step)) for step in wanted]
    found: list[Removal] = []
    kept: dict[str, str] = {}
    for step, standing in reversed(standings):
        removal = _removal(step, standing, observer, given_up, kept.get(step.label, ""))
        if step.undo and removal.command is None and standing.state != "missing":
            kept[step.within] = step.label
        found.append(removal)
    return found


def _removal(step: Step, standing: Standing, observer: Observer, given_up: str, inside: str) -> Removal:
    why = _why_not(step, standing, observer, given_up)
    if inside and not why:
        why = f"it is kept: what is kept is in it ({inside})"
    command = None if why or step.undo is None else step.undo.of_thing(standing.details)
    return Removal(step=step, command=command, why_not=why, unseen=bool(step.undo) and standing.state == "unseen")


def _why_not(step: Step, standing: Standing, observer: Observer, given_up: str) -> str:
    if step.undo is None:
        return step.without_undo
    if standing.state == "missing":
        return "it is not there"
    if standing.state == "unseen":
        return f"it could not be looked at: {standing.why_unseen}" if standing.why_unseen else ""
    marked = observer.fill(step.marked)
    if not is_such(standing.found or {}, marked):
        (mark, value), *_ = marked.items()
        return f"it is kept: it was made by somebody else, for it has no {mark}={value}"
    return next(filter(None, (_held(holding, observer, given_up) for holding in step.holding)), "")


def _held(holding: Holding, observer: Observer, given_up: str) -> str:
    """Why a thing is kept for what it holds; empty where it need not be."""
    if holding.given_up_by and holding.given_up_by == given_up:
        return ""
    to_give_up = f"; to give them up: --delete-state {holding.given_up_by}" if holding.given_up_by else ""
    try:
        names = observer.held(holding)
    except ForbiddenError:
        return f"it is kept: you may not see whether there are {holding.what} in it{to_give_up}"
    except AzureError as error:
        return f"it is kept: it cannot be told whether there are {holding.what} in it: {error.headline}{to_give_up}"
    return f"it is kept: there are {holding.what} in it ({', '.join(names)}){to_give_up}" if names else ""
