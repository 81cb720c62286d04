"""Pins a version in a stack file: planned and shown first, then written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model_ops.errors import PinError
from model_ops.pinning import whole_file
from model_ops.pinning.canary_text import canary, without_canary
from model_ops.pinning.file_edit import FileEdit, apply, content, refused, require_unchanged
from model_ops.pinning.pin_text import pinned, with_pin

__all__ = ["PinEdit", "apply", "pin", "pinned", "plan", "read", "require_unchanged"]


@dataclass(frozen=True, kw_only=True)
class PinEdit(FileEdit):
    """A pin that is planned and not yet written."""

    model: str
    old: int | None
    """None where nothing is pinned yet, or no version but something else that the edit replaces."""
    new: int
    promotes_canary: bool = False
    """The version was the canary, which goes from the file: it has all of the traffic now."""
    canary: int | None = None
    """The version that stays the canary beside it."""


def plan(stack_file: Path, model: str, version: int) -> PinEdit:
    """Plan to pin `version` of `model` in `stack_file`, touching nothing; raises PinError where that cannot be done.

    Where the version is the canary, that one goes: the program refuses a canary beside itself.
    """
    try:
        before = content(stack_file)
        after = with_pin(before.decode(), model, version)
        if promotes := canary(after, model) == version:
            after = without_canary(after, model)
        beside = canary(after, model)
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise refused(stack_file, error) from None
    return PinEdit(
        path=stack_file,
        model=model,
        old=_old(before.decode(), model),
        new=version,
        before=before,
        after=after.encode(),
        promotes_canary=promotes,
        canary=beside,
    )


def read(stack_file: Path, model: str) -> int | None:
    """Read the version of `model` that a stack's file pins, None where it pins none; raises PinError."""
    try:
        return pinned(content(stack_file).decode(), model)
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise refused(stack_file, error) from None


def pin(stack_file: Path, model: str, version: int) -> None:
    """Pin `version` of `model` in `stack_file`, whole or not at all; raises PinError where that cannot be done.

    Nothing else changes but what `plan` says, and of several that edit at once each finds what the others wrote.
    """
    try:
        with whole_file.alone(stack_file) as path:
            whole_file.replace(path, plan(path, model, version).after)
    except OSError as error:
        raise refused(stack_file, error) from None


def _old(text: str, model: str) -> int | None:
    try:
        return pinned(text, model)
    except PinError:
        return None
