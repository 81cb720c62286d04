"""Finds what to propose: for each model of the first stacks the newest version that nobody proposed or tried before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, StackError, in_one_line
from model_ops.history.updates import updates
from model_ops.pinning import pins
from model_ops.pinning.canary_text import canary
from model_ops.pinning.plan import PinPlan, plan_pin
from model_ops.proposing.candidates import Known, against, candidates, tried
from model_ops.proposing.event import Event
from model_ops.proposing.place import Place
from model_ops.review.changed import in_order, stack_before
from model_ops.stack import LOCAL, stack_names
from model_ops.target import TargetModel
from model_ops.versions.version import Version
from model_ops.workspace.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; whatever is None is left open."""

    stack: str | None = None
    model: str | None = None
    event: Event | None = None
    loading: bool = True

    @property
    def named(self) -> bool:
        """Whether one model or one version is asked for by name."""
        return self.model is not None or self.event is not None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A pin that is to be proposed; nothing is pushed or opened yet."""

    plan: PinPlan
    branch: str
    pushed: bool
    """An earlier run pushed its branch, and came no further."""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Why nothing, or one version, of a model or a stack is not proposed."""

    stack: str
    model: str | None
    reason: str
    refused: bool = False
    """A version failed its checks, or is not to be proposed although it was asked for."""
    unasked: bool = False
    """The stack, its workspace or its file did not say what is needed."""


def first_stacks(project: Path) -> tuple[str, ...]:
    """Name the stacks whose file names no other that goes before: what is new begins there. `local` is none of them."""
    files = {name: (project / f"Pulumi.{name}.yaml").read_text(errors="replace") for name in stack_names(project)}
    before = {name: stack_before(text) for name, text in files.items() if name != LOCAL}
    return tuple(name for name in in_order(before) if before[name] not in before)


def branch_of(stack: str, model: str, version: int) -> str:
    """The branch of a proposal, by which any later run knows that there was one."""
    return f"propose/{stack}/{model}-v{version}"


def plan_proposals(project: Path, wanted: Wanted, place: Place) -> tuple[list[Proposal], list[Passed]]:
    """Plan what to propose, and say of all else why not; nothing is pushed or opened.

    Raises GitError and ForgeError where the place of the pull requests cannot be asked, and StackError where a model
    is named that none of the stacks has.
    """
    found: list[Proposal | Passed] = []
    stacks = (wanted.stack,) if wanted.stack else first_stacks(project)
    for name in stacks:
        try:
            found += _of_stack(DeployedStack.find(name, project), wanted, place, alone=len(stacks) == 1)
        except ModelOpsError as error:
            if wanted.named and len(stacks) == 1:
                raise
            why = in_one_line(str(error))
            found.append(Passed(stack=name, model=None, reason=why, unasked=True))
    return [e for e in found if isinstance(e, Proposal)], [e for e in found if isinstance(e, Passed)]


def _of_stack(stack: DeployedStack, wanted: Wanted, place: Place, *, alone: bool) -> Iterator[Proposal | Passed]:
    models: Iterable[TargetModel] = stack.target.models.values()
    if wanted.model is not None and (alone or wanted.model in stack.target.models):
        models = [stack.model(wanted.model)]
    elif wanted.model is not None:
        models = []
    if wanted.event is not None:
        models = [each for each in models if wanted.event.is_of(each.full_name)]
    for model in models:
        yield from _Search(stack, model, wanted, place).found()


@dataclass(frozen=True)
class _Search:
    """The search for what to propose of one model."""

    stack: DeployedStack
    model: TargetModel
    wanted: Wanted
    place: Place

    def found(self) -> Iterator[Proposal | Passed]:
        pinned = None if self.model.retired else pins.read(self.stack.file, self.model.name)
        if pinned is None:
            why = "it is retired" if self.model.retired else "it pins nothing yet: the first pin is made by hand"
            yield self._passed(why, refused=self.wanted.named)
            return
        versions = Registry(self.stack.workspace).versions(self.model.full_name)
        yield from self._chosen(versions, self._known(pinned))

    def _chosen(self, versions: tuple[Version, ...], known: Known) -> Iterator[Proposal | Passed]:
        """The newest that passes its checks; what was proposed before ends the search, as newer than the rest."""
        event = self.wanted.event
        numbers = candidates(versions, known) if event is None else (event.version,)
        if event is not None and (why := _against(versions, event.version, known)):
            yield self._passed(f"version {event.version}: {why}", refused=True)
            return
        for number in numbers:
            outcome = self._version(number)
            yield outcome
            if not (isinstance(outcome, Passed) and outcome.refused):
                return
        if not numbers:
            yield self._passed(f"there is no newer version than {known.pinned} to propose")

    def _version(self, number: int) -> Proposal | Passed:
        branch = branch_of(self.stack.name, self.model.name, number)
        before = self.place.standing(branch)
        if before.proposed:
            return self._passed(f"version {number}: {before.words}")
        plan = plan_pin(self.stack, self.model, number, loading=self.wanted.loading)
        if not plan.report.passed:
            return self._passed(str(plan.report), refused=True)
        return Proposal(plan=plan, branch=branch, pushed=before.pushed)

    def _known(self, pinned: int) -> Known:
        text = self.stack.file.read_text()
        return Known(pinned=pinned, canary=canary(text, self.model.name), tried=self._tried())

    def _tried(self) -> frozenset[int]:
        try:
            told = updates(self.stack.address) if self.stack.address else ()
        except StackError:
            return frozenset()
        return tried(told, self.model.name)

    def _passed(self, reason: str, *, refused: bool = False) -> Passed:
        return Passed(stack=self.stack.name, model=self.model.name, reason=reason, refused=refused)


def _against(versions: tuple[Version, ...], number: int, known: Known) -> str | None:
    found = next((each for each in versions if each.number == number), None)
    return against(found, known) if found else "it does not exist, or not yet"
