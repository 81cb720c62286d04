"""What refuses a change, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from model_ops.commands import Commands, program
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.review.facts import Evidence
from model_ops.review.reading import Reading, read
from model_ops.review.review import Infrastructure, ModelReview, Problem, SettingChange
from model_ops.review.sides import Side
from model_ops.review.verdict import PLATFORM
from model_ops.stack import LOCAL
from model_ops.target import Target
from model_ops.workspace.registry import Registry

MOST_ASKED = 20
"""Stacks that are asked for a version that does not exist here: each takes seconds, and a job has its time."""
PINNING = {"roll forward", "rollback", "canary promoted", "canary started", "canary moved", "standby added"}


def of_preview(found: Infrastructure | None) -> Iterator[Problem]:
    """What the program said when the preview was refused."""
    if found and found.errors:
        yield Problem(title="the preview was refused", words="\n\n".join(found.errors))


def of_both(stack: str, settings: Iterable[SettingChange], models: Sequence[ModelReview]) -> Iterator[Problem]:
    """What speaks against a change of platform and pin at once."""
    moved = [model.name for model in models if PINNING & {move.kind for move in model.moves}]
    if moved and any(change.path.startswith(PLATFORM) for change in settings):
        yield Problem(
            title=f"it changes the platform and a pin ({', '.join(moved)}) together",
            words="The checks, and what served before, are of the workspace that is deployed now.\n"
            "In the other one the version may not exist, or be another.\n"
            "And going back by the pin's one line would not bring the old workspace back.",
            mend=f"make two pull requests: the platform of {stack} first, with the pins as they are; then the pin",
        )


def of_checks(model: ModelReview, elsewhere: str | None, *, told: bool) -> Iterator[Problem]:
    """The checks that refuse a version that the change newly deploys; `elsewhere` says where it does exist.

    Where the preview has `told` what cannot be served, of a version that does not exist that is not said again.
    """
    for evidence in model.evidence:
        if evidence.failed:
            problem = _failed(model.name, evidence, elsewhere)
            gone = told and [check.name for check in evidence.failed] == ["exists"]
            yield replace(problem, words="") if gone else problem


def of_deleted(commands: Commands, target: Target) -> Iterator[Problem]:
    """What speaks against deleting the file of a stack of which something is deployed still."""
    served = [
        f"{name}: version {model.pinned_version} on endpoint {model.endpoint_name}"
        for name, model in target.models.items()
        if model.pinned_version is not None
    ]
    yield Problem(
        title=f"the file of stack {commands.stack} goes, and the stack is deployed still",
        words="\n".join(served or [", ".join(target.models) or "what it made besides models"]),
        mend=f"take it down while its file is there: {commands.engine('destroy')}; then delete the file. "
        "Without it nobody can update, roll back or take down what is left",
    )


def elsewhere(model: str, number: int, stack: str, side: Side, project: Path) -> str | None:
    """Say which other stack has version `number` of an entry, and what brings it here; None where none is known to."""
    others = [other for other in side.stacks if other not in (stack, LOCAL)]
    for other in others[:MOST_ASKED]:
        text = side.text(f"Pulumi.{other}.yaml")
        pinned = read(text, other).pinned(model) if model in (text or "") else None
        if pinned and (number in pinned.deployed or _has(other, model, number, project)):
            named = f"--from {other} --to {stack} --version {number} --model {model}"
            return (
                f"stack {other} has a version {number} of {model}. Each registry numbers for itself: "
                f"copy it, and pin the number that it gets here: {program()} promote {named} --yes"
            )
    return None


def broken(side: Reading) -> Iterator[Problem]:
    """Why the program refuses the file."""
    if side.problem:
        yield side.problem


def _failed(model: str, evidence: Evidence, elsewhere: str | None) -> Problem:
    number = evidence.to.number
    lines = [f"{check.name}: {check.found}\n  mend: {check.mend or ''}".rstrip() for check in evidence.failed]
    gone = any(check.name == "exists" for check in evidence.failed)
    return Problem(
        title=f"version {number} of {model} {'does not exist here' if gone else 'may not be served here'}",
        words="\n".join(lines),
        mend=(elsewhere or "") if gone else "",
    )


def _has(stack: str, model: str, number: int, project: Path) -> bool:
    try:
        deployed = DeployedStack.find(stack, project)
        full_name = deployed.model(model).full_name
        Registry(deployed.workspace).version(full_name, number)
    except ModelOpsError:
        return False
    return True
