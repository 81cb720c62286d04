"""Writes a pin: the one line of a stack file that a rollback changes, comments and order kept."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from model_ops.errors import PinError

KEY = "servedVersion"


def pin(stack_file: Path, model: str, version: int) -> None:
    """Pin `version` of `model` in `stack_file`, whole or not at all; raises PinError where there is no such model.

    A model that has no pin yet gets the line after its schema; nothing else of the file changes.
    """
    if version < 1:
        raise PinError(f"{version} is not a version: a pin is a whole number from 1.")
    text = stack_file.read_text()
    settings = _model(stack_file, text, model)
    lines = text.splitlines(keepends=True)
    if KEY in settings:
        row, column = settings.lc.value(KEY)
        old = lines[row][column:].split("#")[0].rstrip()
        lines[row] = f"{lines[row][:column]}{version}{lines[row][column + len(old) :]}"
    else:
        row, column = settings.lc.key("schema")
        lines.insert(row + 1, f"{' ' * column}{KEY}: {version}\n")
    _replace(stack_file, "".join(lines))


def _model(path: Path, text: str, model: str) -> CommentedMap:
    try:
        document = YAML(typ="rt").load(io.StringIO(text))
        models = document["config"]["rollpin:models"]
    except (YAMLError, KeyError, TypeError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise PinError(f"{path}: no config with `rollpin:models` can be read from it ({reason}).") from None
    if model not in models:
        raise PinError(f"{path}: there is no model {model}. There is: {', '.join(models)}.")
    settings = models[model]
    if not isinstance(settings, CommentedMap) or "schema" not in settings:
        raise PinError(f"{path}: model {model} has no settings with a schema. See the README.")
    return settings


def _replace(path: Path, text: str) -> None:
    """Write the file beside itself and rename it, so that a reader or a crash sees the old one or the new one."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(path.stat().st_mode & 0o777)
    Path(draft).replace(path)
