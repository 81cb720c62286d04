"""Pins a version in a stack file: planned and shown first, then written whole or not at all."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from model_ops import disk
from model_ops.errors import PinError
from model_ops.pinning import stack_yaml, whole_file
from model_ops.pinning.canary_text import canary, without_canary
from model_ops.pinning.pin_text import pinned, with_pin

__all__ = ["PinEdit", "apply", "pin", "pinned", "plan", "read", "require_unchanged"]

LINE = re.compile(r"[^\n]*\n|[^\n]+")
NO_LINE_END = "\n\\ No newline at end of file\n"


@dataclass(frozen=True, kw_only=True)
class PinEdit:
    """A pin that is planned and not yet written: the file as it was read, and as it will be."""

    path: Path
    model: str
    old: int | None
    """None where nothing is pinned yet, or no version but something else that the edit replaces."""
    new: int
    before: bytes
    after: bytes
    promotes_canary: bool = False
    """The version was the canary, which goes from the file: it has all of the traffic now."""
    canary: int | None = None
    """The version that stays the canary beside it."""

    def diff(self) -> str:
        """Show the edit as a unified diff; empty where the pin stands already."""
        before, after = (LINE.findall(text.decode()) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, f"a/{self.path.name}", f"b/{self.path.name}")
        return "".join(line if line.endswith("\n") else line + NO_LINE_END for line in lines)


def plan(stack_file: Path, model: str, version: int) -> PinEdit:
    """Plan to pin `version` of `model` in `stack_file`, touching nothing; raises PinError where that cannot be done.

    Where the version is the canary, that one goes: the program refuses a canary beside itself.
    """
    try:
        before = _content(stack_file)
        after = with_pin(before.decode(), model, version)
        if promotes := canary(after, model) == version:
            after = without_canary(after, model)
        beside = canary(after, model)
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise _refused(stack_file, error) from None
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


def apply(edit: PinEdit) -> None:
    """Write what was planned, whole or not at all; raises PinError where the file is not what the plan was made on."""
    try:
        with whole_file.alone(edit.path) as path:
            require_unchanged(edit)
            whole_file.replace(path, edit.after)
    except (PinError, OSError) as error:
        raise _refused(edit.path, error) from None


def require_unchanged(edit: PinEdit) -> None:
    """Raise PinError where the file is not what the plan was made on."""
    if edit.path.read_bytes() != edit.before:
        raise PinError("somebody else has edited it since the plan was made, so nothing is changed. Plan anew.")


def read(stack_file: Path, model: str) -> int | None:
    """Read the version of `model` that a stack's file pins, None where it pins none; raises PinError."""
    try:
        return pinned(_content(stack_file).decode(), model)
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise _refused(stack_file, error) from None


def pin(stack_file: Path, model: str, version: int) -> None:
    """Pin `version` of `model` in `stack_file`, whole or not at all; raises PinError where that cannot be done.

    Nothing else changes but what `plan` says, and of several that edit at once each finds what the others wrote.
    """
    try:
        with whole_file.alone(stack_file) as path:
            whole_file.replace(path, plan(path, model, version).after)
    except OSError as error:
        raise _refused(stack_file, error) from None


def _refused(stack_file: Path, error: Exception) -> PinError:
    return PinError(disk.refusal(error, stack_file) if isinstance(error, OSError) else f"{stack_file}: {error}")


def _content(stack_file: Path) -> bytes:
    try:
        return stack_yaml.read_bytes(stack_file)
    except stack_yaml.UnreadableError as error:
        raise PinError(f"it holds {error.found}. Expected: {error.bound}. See what grew: git diff") from None


def _old(text: str, model: str) -> int | None:
    try:
        return pinned(text, model)
    except PinError:
        return None
