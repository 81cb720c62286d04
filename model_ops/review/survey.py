"""Looks at a change from all sides: git, the program, the workspace, the engine's record and its preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, StackError
from model_ops.rehearsed import Rehearsed
from model_ops.review import problems, verdict
from model_ops.review.changed import program_changed, touched
from model_ops.review.cost import cost
from model_ops.review.deleted import deployed_still
from model_ops.review.evidence import Witness
from model_ops.review.facts import Evidence
from model_ops.review.moves import moves
from model_ops.review.reading import Reading, changed, read_side
from model_ops.review.review import (
    Infrastructure,
    ModelReview,
    Pinned,
    Problem,
    Review,
    StackReview,
    StackState,
    Unseen,
    Verdict,
)
from model_ops.review.sides import Sides
from model_ops.review.subjects import as_deployed, target_model, versions_to_ask
from model_ops.review.withheld import withheld

UNASKED = "what is deployed, the checks, and what served before"
Tell = Callable[[str], None]


def survey(
    sides: Sides,
    project: Path,
    base: str,
    stacks: Sequence[str] = (),
    previews: Mapping[str, Infrastructure] | None = None,
    tell: Tell = lambda _: None,
) -> Review:
    """Review what HEAD changes since it left `base`, in `stacks` or in all that it touches; loads no model.

    `previews` are those of the engine, by stack. What cannot be seen is in the review, with the reason. Raises GitError
    where git cannot be read.
    """
    named = stacks or touched(sides)
    found = [_Look(sides, project, stack, (previews or {}).get(stack), tell).review() for stack in named]
    return withheld(verdict.whole(base, sides.after.commit, found, tuple(_remarks(sides))))


@dataclass
class _Look:
    """The look at one stack."""

    sides: Sides
    project: Path
    stack: str
    infrastructure: Infrastructure | None
    tell: Tell
    unseen: list[Unseen] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def review(self) -> StackReview:
        texts = [side.text(self.file) for side in (self.sides.before, self.sides.after)]
        self.tell(f"reading {self.file} as it was and as it is")
        before = read_side(self.sides.before, self.stack)
        # Reading takes a process, and where the program changes every stack is looked at.
        after = before if texts[0] is not None and texts[0] == texts[1] else read_side(self.sides.after, self.stack)
        state = self._state(texts[0], texts[1], before, after)
        known = StackReview(
            name=self.stack,
            state=state,
            verdict=Verdict(level="nothing"),
            file=self.file,
            rehearsed=_rehearsed(self.stack),
        )
        if state == "deleted":
            known = self._deleted(known, before)
        elif state == "broken":
            known = replace(known, problems=tuple(problems.broken(after)))
        elif state != "unchanged" or self.infrastructure:
            known = self._changed(known, before, after)
        known = replace(known, unseen=tuple(self.unseen), remarks=tuple(self.remarks))
        return replace(known, verdict=verdict.of_stack(known))

    @property
    def file(self) -> str:
        return f"Pulumi.{self.stack}.yaml"

    @property
    def commands(self) -> Commands:
        return Commands.at(self.stack, self.project)

    def _state(self, before: str | None, after: str | None, was: Reading, reading: Reading) -> StackState:
        if reading.problem:
            return "broken"
        if after is None:
            return "deleted" if before is not None or was.problem else "unchanged"
        if before is None and not was.problem:
            return "added"
        if before != after:
            return "changed"
        return "program" if program_changed(self.sides.files) else "unchanged"

    def _changed(self, known: StackReview, before: Reading, after: Reading) -> StackReview:
        if before.problem:
            self.remarks.append("the program refused the file as it was before: what was pinned is what is deployed")
        self._look_at_preview()
        witness = self._witness(before, after)
        names = list(dict.fromkeys([*before.models, *after.models]))
        models = [each for name in names if (each := self._model(name, before, after, witness))]
        settings = changed(before.settings, after.settings) if not before.problem else ()
        self.unseen += witness.unseen if witness else []
        found = [
            *problems.of_preview(self.infrastructure),
            *(problems.of_both(self.stack, settings, models) if known.state == "changed" else ()),
            *(problem for model in models for problem in self._refused(model)),
        ]
        return replace(
            known,
            models=tuple(models),
            settings=settings,
            problems=tuple(found),
            infrastructure=self.infrastructure,
            cost=None if before.problem else cost(before, after, [model.name for model in models]),
        )

    def _look_at_preview(self) -> None:
        if self.infrastructure is None:
            why = f"no preview of stack {self.stack} was given: {self.commands.engine('review')} makes one"
            self.unseen.append(Unseen(what="what changes in the cloud", why=why))
        elif self.infrastructure.policies is None and not self.infrastructure.errors:
            why = f"the preview was not held against them: {self.commands.engine('review')} makes one that is"
            self.unseen.append(Unseen(what="what the policies say of it", why=why))

    def _witness(self, before: Reading, after: Reading) -> Witness | None:
        """Who can be asked about the stack; None where nobody can, or nothing is to be asked."""
        names = {*before.models, *after.models}
        if not any(before.models.get(name) != after.models.get(name) for name in names):
            return None
        self.tell(f"asking stack {self.stack} what it pins")
        try:
            return Witness(DeployedStack.find(self.stack, self.project), self.tell)
        except ModelOpsError as error:
            self.unseen.append(Unseen(what=UNASKED, why=error.headline))
            return None

    def _model(self, name: str, before: Reading, after: Reading, witness: Witness | None) -> ModelReview | None:
        old, new = self._before(name, before, witness), after.pinned(name)
        settings = changed(before.models.get(name, {}), after.models.get(name, {})) if before.models.get(name) else ()
        if old == new and not settings:
            return None
        evidence, served = self._evidence(name, old, new, witness)
        found = moves(old, new, served) if old or not before.problem else ()
        return ModelReview(name=name, before=old, after=new, moves=found, evidence=evidence, settings=settings)

    def _before(self, name: str, before: Reading, witness: Witness | None) -> Pinned | None:
        """What was pinned: as the file said, or, where it could not be read, as it is deployed."""
        deployed = witness.stack.target.models.get(name) if witness else None
        if before.problem:
            return as_deployed(deployed) if deployed else None
        old = before.pinned(name)
        if deployed and old and not old.retired and deployed.pinned_version != old.version:
            now = f"version {deployed.pinned_version}" if deployed.pinned_version else "no version"
            self.remarks.append(f"{name}: the file pinned {old.version}, and {now} is what is deployed")
        return old

    def _evidence(
        self, name: str, old: Pinned | None, new: Pinned | None, witness: Witness | None
    ) -> tuple[tuple[Evidence, ...], set[int]]:
        if witness is None or new is None:
            return (), set()
        model = target_model(name, new, witness.stack)
        asked = list(versions_to_ask(old, new))
        served = witness.history(model) if asked else None
        was = old.version if old else None
        found = [witness.evidence(model, was or new.version, number, served) for number in asked]
        current = {was, new.version} if old and old.version == new.version else {was}
        return tuple(each for each in found if each), {each.version for each in served or ()} - current

    def _refused(self, model: ModelReview) -> Iterator[Problem]:
        gone = [each.to.number for each in model.evidence if any(check.name == "exists" for check in each.failed)]
        where = problems.elsewhere(model.name, gone[0], self.stack, self.sides.after, self.project) if gone else None
        told = bool(self.infrastructure and self.infrastructure.errors)
        yield from problems.of_checks(model, where, told=told)

    def _deleted(self, known: StackReview, before: Reading) -> StackReview:
        self.tell(f"asking what of stack {self.stack} is deployed")
        target, why = deployed_still(self.stack, self.project)
        models = [
            ModelReview(name=name, before=before.pinned(name), after=None, moves=moves(before.pinned(name), None))
            for name in before.models
        ]
        if why:
            self.unseen.append(Unseen(what=f"what of stack {self.stack} is deployed still", why=why))
        return replace(
            known, models=tuple(models), problems=tuple(problems.of_deleted(self.commands, target)) if target else ()
        )


def _rehearsed(stack: str) -> str | None:
    """Which sandbox stands for the workspace; what is wrong with one is told where something is asked of it."""
    try:
        found = Rehearsed.find(stack)
    except StackError:
        return None
    return str(found) if found else None


def _remarks(sides: Sides) -> Iterator[str]:
    if sides.uncommitted:
        yield f"not committed, and so not in this review: {', '.join(sides.uncommitted)}"
    if files := program_changed(sides.files):
        more = f" and {len(files) - 5} more" if len(files) > 5 else ""
        yield f"the program changed: every stack is previewed ({', '.join(files[:5])}{more})"
