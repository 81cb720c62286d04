"""What is in force in a stack, setting by setting, and which line of its file says so: read from the file alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_ops.commands import PROJECT
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import StackError
from model_ops.pinning import program
from model_ops.stack import no_stack, stack_names

OF_ROLLPIN = "default of Rollpin"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of a stack, or of one of its models; `value` is None where what is there stays as it is."""

    model: str | None
    setting: str
    value: Any
    origin: str
    """`Pulumi.prod.yaml:12`, `Pulumi.prod.yaml:4 (defaults)`, or OF_ROLLPIN."""


def read_settings(stack: str, project: Path, model: str | None = None) -> tuple[Setting, ...]:
    """Read what is in force in `stack`, or for one of its models alone; asks neither engine nor workspace.

    Raises StackError where there is no such stack or model, PinError where the program refuses the file.
    """
    file = _file(stack, project)
    found = tuple(
        Setting(
            model=each["model"],
            setting=each["setting"],
            value=each["value"],
            origin=_origin(file.name, each["line"], common=each["common"]),
        )
        for each in program.in_force(file, stack)
    )
    models = dict.fromkeys(each.model for each in found if each.model is not None)
    if model is not None and model not in models:
        raise StackError(
            f"{file.name} has no model {model}. It has: {', '.join(models) or 'none'}.{did_you_mean(model, models)}\n"
            "Name one: --model NAME"
        )
    return tuple(each for each in found if model in (None, each.model))


def _file(stack: str, project: Path) -> Path:
    """The stack's file, of a checkout or in a sandbox's own home."""
    name = f"Pulumi.{stack}.yaml"
    for directory in (project, project / PROJECT):
        if (directory / name).exists():
            return directory / name
    raise no_stack(stack, project, stack_names(project) or stack_names(project / PROJECT))


def _origin(file: str, line: int | None, *, common: bool) -> str:
    return OF_ROLLPIN if line is None else f"{file}:{line}{' (defaults)' if common else ''}"
