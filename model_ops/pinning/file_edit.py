"""An edit of a stack file that is planned and not yet written: shown first, then written whole or not at all."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from model_ops import disk
from model_ops.errors import PinError
from model_ops.pinning import stack_yaml, whole_file

LINE = re.compile(r"[^\n]*\n|[^\n]+")
NO_LINE_END = "\n\\ No newline at end of file\n"


@dataclass(frozen=True, kw_only=True)
class FileEdit:
    """A stack file as it was read, and as it will be."""

    path: Path
    before: bytes
    after: bytes

    def diff(self) -> str:
        """Show the edit as a unified diff; empty where it changes nothing."""
        before, after = (LINE.findall(text.decode()) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, f"a/{self.path.name}", f"b/{self.path.name}")
        return "".join(line if line.endswith("\n") else line + NO_LINE_END for line in lines)


def apply(edit: FileEdit) -> None:
    """Write what was planned, whole or not at all; raises PinError where the file is not what the plan was made on."""
    try:
        with whole_file.alone(edit.path) as path:
            require_unchanged(edit)
            whole_file.replace(path, edit.after)
    except (PinError, OSError) as error:
        raise refused(edit.path, error) from None


def require_unchanged(edit: FileEdit) -> None:
    """Raise PinError where the file is not what the plan was made on."""
    if edit.path.read_bytes() != edit.before:
        raise PinError("somebody else has edited it since the plan was made, so nothing is changed. Plan anew.")


def content(stack_file: Path) -> bytes:
    """Read a stack file that is not too large to be one; raises PinError and OSError."""
    try:
        return stack_yaml.read_bytes(stack_file)
    except stack_yaml.UnreadableError as error:
        raise PinError(f"it holds {error.found}. Expected: {error.bound}. See what grew: git diff") from None


def refused(stack_file: Path, error: Exception) -> PinError:
    """Say of which file an error is."""
    return PinError(disk.refusal(error, stack_file) if isinstance(error, OSError) else f"{stack_file}: {error}")
