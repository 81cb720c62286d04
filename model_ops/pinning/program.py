"""Asks the program whether it takes a stack file, before one is written, and what one means."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from model_ops.errors import PinError
from model_ops.pinning.pins import PinEdit

PATIENCE = 60
"""Seconds; it takes less than one."""


def require_taken(edit: PinEdit, stack: str) -> None:
    """Raise PinError where the program would refuse the file of `stack` as the edit leaves it, the whole of it."""
    require_file_taken(edit.path, edit.after, stack, f"with version {edit.new} of {edit.model} pinned")


def require_file_taken(path: Path, content: bytes, stack: str, how: str) -> None:
    """Raise PinError where the program would refuse `content` as the file of `stack`; `how` says what is new in it.

    Its own reader is asked, in a process of its own: this half of Rollpin imports nothing of the other.
    """
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        draft = Path(scratch) / path.name
        draft.write_bytes(content)
        done = _asked(path, draft, stack)
    if done.returncode:
        raise PinError(f"{path} would be refused by the program {how}. Nothing was changed.\n{_said(done)}")


def in_force(path: Path, stack: str) -> list[dict[str, Any]]:
    """Give each setting that is in force in a stack's file; raises PinError where the program refuses the file."""
    done = _asked(path, path, stack, "--in-force")
    if done.returncode:
        raise PinError(_said(done))
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _asked(path: Path, read: Path, stack: str, *words: str) -> subprocess.CompletedProcess[str]:
    # -P: the reader that is installed, whatever lies in the directory that this is typed in.
    command = [sys.executable, "-P", "-m", "infra.settings", str(read), stack, *words]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PinError(f"{path}: the program could not be asked about it: {error}\nRun this again.") from None


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.strip() or (done.stderr.strip().splitlines() or ["nothing"])[-1]
