"""`python -m model_ops.checks.load_model DIR ANSWER [EXAMPLE]`: loads a model, and writes down how that went.

The word that makes the answer count is read before any of the model's code runs, and is nowhere that it could find it
but in this process's own memory.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from model_ops.errors import first_line
from model_ops.imports import uncollected

ADDRESSES = ("models:/", "runs:/")


def main(directory: Path, example: str | None) -> dict[str, Any]:
    """Load the model in `directory`; let it answer `example`, a file of its own, if there is one."""
    with uncollected():
        import mlflow.pyfunc
        from mlflow.models import validate_serving_input

    try:
        if example and (directory / example).is_file():
            validate_serving_input(str(directory), (directory / example).read_text())
            return {"loaded": True, "answered": True}
        mlflow.pyfunc.load_model(str(directory))
    except Exception as error:  # noqa: BLE001 - whatever the model's code raises is what the check reports
        return failure(error)
    return {"loaded": True, "answered": False}


def failure(error: Exception) -> dict[str, Any]:
    """Tell of an error what `model_ops.checks.load_failure` judges by."""
    chain = [*_chain(error)]
    cause, frames = chain[-1], [frame for each in chain for frame in _frames(each)]
    return {
        "problem": f"{type(cause).__name__}: {first_line(cause)[:300]}",
        "module": cause.name if isinstance(cause, ModuleNotFoundError) else None,
        "variable": _variable(cause),
        "file": str(cause.filename) if isinstance(cause, FileNotFoundError) and cause.filename else None,
        "address": next(filter(None, map(_address, frames)), None),
    }


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and what caused it, to the root."""
    yield error
    if error.__cause__ is not None:
        yield from _chain(error.__cause__)


def _frames(error: BaseException) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _variable(cause: BaseException) -> str | None:
    """The key of a KeyError that os.environ raised."""
    frames = [*_frames(cause)]
    in_environment = bool(frames) and frames[-1].f_code is type(os.environ).__getitem__.__code__
    return str(cause.args[0]) if isinstance(cause, KeyError) and in_environment else None


def _address(frame: FrameType) -> str | None:
    """What was given to a function of MLflow's that loads from an address."""
    if str(frame.f_globals.get("__name__")).partition(".")[0] != "mlflow":
        return None
    found = frame.f_locals.get("model_uri")
    return found if isinstance(found, str) and found.startswith(ADDRESSES) else None


if __name__ == "__main__":
    word = sys.stdin.read()
    answer = main(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None)
    Path(sys.argv[2]).write_text(json.dumps({**answer, "word": word}))
    os._exit(0)  # whatever the model left running is ended from outside
