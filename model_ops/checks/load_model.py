"""`python -m model_ops.checks.load_model DIR ANSWER [EXAMPLE]`: loads a model, and writes down how that went.

The word that makes the answer count is read before any of the model's code runs, and is nowhere that it could find it
but in this process's own memory.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from model_ops.errors import first_line
from model_ops.imports import uncollected


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
        cause = _root(error)
        name = cause.name if isinstance(cause, ModuleNotFoundError) else None
        return {"problem": f"{type(cause).__name__}: {first_line(cause)[:300]}", "module": name}
    return {"loaded": True, "answered": False}


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


if __name__ == "__main__":
    word = sys.stdin.read()
    answer = main(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None)
    Path(sys.argv[2]).write_text(json.dumps({**answer, "word": word}))
    os._exit(0)  # whatever the model left running is ended from outside
