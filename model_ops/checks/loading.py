"""The check that a model loads and answers its own example, in a process of its own, which holds no credentials."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_ops import extras
from model_ops.checks.load_failure import LET_THROUGH, NAME, LoadedVersion, LoadFailure, judged
from model_ops.checks.report import Check, passed, unknown, unmade
from model_ops.commands import Commands
from model_ops.versions.detail import VersionDetail
from model_ops.versions.flavors import PYFUNC
from model_ops.workspace.files import ModelFiles

PATIENCE = 300
"""Seconds that loading and one answer may take."""
SECRET = 4
"""Characters of a value that is not repeated; a shorter one is in every other word."""
SEEN = ("PATH", "LANG", "LC_", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "JAVA_HOME", "OPENBLAS_")
"""Beginnings of the variables that the model's code gets to see; its home directory is an empty one."""


def check_loading(files: ModelFiles, detail: VersionDetail, commands: Commands, lacks: str | None = None) -> Check:
    """Download the model and load it here, as a model server would; `commands` are those for its stack.

    `lacks` mends what its files lack, where they lack something. Raises VersionError and WorkspaceError.
    """
    mlmodel = detail.mlmodel
    if PYFUNC not in mlmodel.flavors:
        return unknown(NAME, f"it was not tried, for it has no flavor {PYFUNC}")
    if missing := extras.missing("scoring"):
        mend = f"install what loads it: {extras.install('scoring')} (or go without: --no-load)"
        return unmade(NAME, f"it was not loaded, for this is not installed here: {', '.join(missing)}", mend)
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        directory = Path(scratch) / "model"
        files.download(directory)
        answer = _load(directory, mlmodel.input_example, Path(scratch))
    if answer.get("problem"):
        hidden = [name for name in detail.variables if name not in _let_through()]
        version = LoadedVersion(
            download=commands.model_ops("artifacts", detail.version.number, "--download", "DIR"),
            requirements=detail.requirements,
            hidden=hidden,
            lacks=lacks,
        )
        return _discreet(judged(LoadFailure.of(answer), version))
    asked = "and answers its own example" if answer.get("answered") else "(it has no example of its input to answer)"
    return passed(NAME, f"it loads {asked}")


def untried(detail: VersionDetail) -> Check:
    """Say of a version that is not to be loaded what can be told all the same."""
    needs = f"; it may need the variables {', '.join(detail.variables)} where it is served" if detail.variables else ""
    return unknown(NAME, f"it was not tried{needs}")


def _let_through() -> dict[str, str]:
    """The caller's variables that the caller lets the model's code see, by name."""
    names = [name.strip() for name in os.environ.get(LET_THROUGH, "").split(",")]
    return {name: os.environ[name] for name in names if name in os.environ}


def _discreet(check: Check) -> Check:
    """An error of the model's code may repeat what it was let see."""
    found = check.found
    for value in _let_through().values():
        found = found.replace(value, "***") if len(value) >= SECRET else found
    return replace(check, found=found)


def _load(directory: Path, example: str | None, scratch: Path) -> dict[str, Any]:
    """Load it in a process group of its own; what it says counts only with the word that it was told in secret."""
    word, answer = secrets.token_hex(16), scratch / "answer.json"
    command = [sys.executable, "-m", "model_ops.checks.load_model", str(directory), str(answer)]
    command += [example] if example else []
    seen = {name: value for name, value in os.environ.items() if name.startswith(SEEN)}
    with (scratch / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=seen | _let_through() | {"HOME": str(scratch)},
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
