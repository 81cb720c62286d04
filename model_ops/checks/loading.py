"""The check that a model loads and answers its own example, in a process of its own, which holds no credentials."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from model_ops import extras
from model_ops.checks.report import Check, failed, passed, unmade
from model_ops.commands import Commands
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.requirement import parsed
from model_ops.workspace.files import ModelFiles

NAME = "loads"
PATIENCE = 300
"""Seconds that loading and one answer may take."""
SEEN = ("PATH", "LANG", "LC_", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "JAVA_HOME", "OPENBLAS_")
"""Beginnings of the variables that the model's code gets to see; its home directory is an empty one."""


def check_loading(files: ModelFiles, mlmodel: MlModel, requirements: tuple[str, ...], commands: Commands) -> Check:
    """Download the model and load it here, as a model server would; `commands` are those for its stack.

    Raises VersionError and WorkspaceError.
    """
    if lacks := extras.missing("scoring"):
        mend = f"install what loads it: {extras.install('scoring')} (or go without: --no-load)"
        return unmade(NAME, f"it was not loaded, for this is not installed here: {', '.join(lacks)}", mend)
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        directory = Path(scratch) / "model"
        files.download(directory)
        answer = _load(directory, mlmodel.input_example, Path(scratch))
    if problem := answer.get("problem"):
        return failed(
            NAME,
            str(problem),
            _mend(answer, requirements, commands.model_ops("artifacts", files.version, "--download", "DIR")),
        )
    asked = "and answers its own example" if answer.get("answered") else "(it has no example of its input to answer)"
    return passed(NAME, f"it loads {asked}")


def _load(directory: Path, example: str | None, scratch: Path) -> dict[str, Any]:
    """Load it in a process group of its own; what it says counts only with the word that it was told in secret."""
    word, answer = secrets.token_hex(16), scratch / "answer.json"
    command = [sys.executable, "-m", "model_ops.checks.load_model", str(directory), str(answer)]
    command += [example] if example else []
    seen = {name: value for name, value in os.environ.items() if name.startswith(SEEN)}
    with (scratch / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=seen | {"HOME": str(scratch)},
            cwd=scratch,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            process.communicate(word.encode(), timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return {"problem": f"it neither loaded nor failed within {PATIENCE} s"}
        finally:
            _end(process)
    return _answer(answer, word) or {
        "problem": f"the process that loaded it ended with {process.returncode} and said: {_last(scratch / 'said')}"
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answer(file: Path, word: str) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("word") == word else None


def _last(said: Path) -> str:
    with said.open("rb") as file:
        file.seek(max(0, said.stat().st_size - 2000))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return (lines or ["nothing"])[-1][:300]


def _mend(answer: dict[str, Any], requirements: tuple[str, ...], download: str) -> str:
    module = answer.get("module")
    if not module:
        return f"see why: {download}, then mlflow.pyfunc.load_model('DIR'); log it again"
    top = str(module).partition(".")[0]
    wanted = [line for line in requirements if (found := parsed(line)) and found.name.replace("-", "_") == top]
    return f"install what it is served with: pip install {shlex.quote((wanted or [top])[0])}"
