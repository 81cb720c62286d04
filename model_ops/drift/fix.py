"""What to type to put right what was changed by hand, or to keep it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from model_ops.deployed import DeployedStack
from model_ops.drift.difference import Difference, Drift
from model_ops.errors import ModelOpsError
from model_ops.pinning.in_force import read_settings
from model_ops.proving.status import undeployed

Said = Collection[tuple[str | None, str]]
"""The settings that the stack's file says something of, by model and key."""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One way out: when to take it, and the command; None where a line has to be written first."""

    words: str
    command: str | None = None


def fixes(stack: DeployedStack, drift: Drift) -> tuple[Fix, ...]:
    """Say what puts back what was deployed, and what keeps what was found; empty where nothing differs."""
    if not drift.differences:
        return ()
    said = _said(stack)
    unsaid = [each for each in drift.differences if each.setting and (each.model, each.setting) not in said]
    then = "then, " if unsaid else ""
    back = Fix(words=f"{then}to put back what was deployed{_besides(stack)}", command=stack.commands.up)
    return (*_unsaid(unsaid, stack), back, *_pins(stack, drift))


def _unsaid(found: Sequence[Difference], stack: DeployedStack) -> Iterator[Fix]:
    """An `up` hands on what no line says: to put it back, a line has to say it."""
    lines = [f"  {e.setting} of {e.model}: {e.deployed} was deployed, {e.found} is there ({e.what})" for e in found]
    if lines:
        head = f"{stack.commands.file} says nothing of these, so that an up keeps what is there: write what should be"
        yield Fix(words="\n".join([head, *dict.fromkeys(lines)]))


def _pins(stack: DeployedStack, drift: Drift) -> Iterator[Fix]:
    for each in drift.differences:
        model = stack.target.models.get(each.model or "")
        if each.serving is not None and model is not None:
            commands = stack.commands_for(model)
            words = f"or, for {each.model} to stay at version {each.serving}, pin it"
            yield Fix(words=words, command=commands.model_ops("pin", each.serving))


def _besides(stack: DeployedStack) -> str:
    """What the same `up` deploys besides, because the file says it already."""
    models = stack.target.models.values()
    lines = [f"{each.name}: {line.partition(':')[0]}" for each in models for line in undeployed(stack, each)]
    return f" (and deploy what is not yet: {'; '.join(lines)})" if lines else ""


def _said(stack: DeployedStack) -> Said:
    """What the file says; everything where it cannot be read, for then the `up` itself says what is wrong with it."""
    try:
        settings = read_settings(stack.name, stack.file.parent)
    except ModelOpsError:
        return _Everything()
    return {(each.model, each.setting) for each in settings if each.value is not None}


class _Everything(Collection[tuple[str | None, str]]):
    def __contains__(self, _each: object) -> bool:
        return True

    def __iter__(self) -> Iterator[tuple[str | None, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0
