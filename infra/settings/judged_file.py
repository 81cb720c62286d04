"""Confirms that the stack's settings are those that the policies were held against, ahead of the `up`.

Between their preview and the end of an `up` people are asked, and meanwhile a file can be edited or pulled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from infra.settings import printable, stack_file
from infra.settings.engine_config import plain
from infra.settings.mistake import SettingsError, shown
from model_ops.commands import Commands

VARIABLE = "ROLLPIN_JUDGED"
"""Hands two digests from the run that judged to the program: of the file, and of the settings in it."""


def variables(path: Path) -> dict[str, str]:
    """What to start the program with once the file at `path` is judged; nothing where it has mistakes of its own."""
    try:
        return {VARIABLE: f"{_of_file(path)} {_of_settings(path)}"}
    except SettingsError:
        return {}


def confirm(path: Path, environment: Mapping[str, str], commands: Commands) -> None:
    """Compare the file with what was judged; raises SettingsError where it says something else by now, or is gone."""
    file, _, settings = environment.get(VARIABLE, "").partition(" ")
    # To read a long file as YAML takes a second, and hardly ever has it changed.
    if file and file != _of_file(path) and settings != _of_settings(path):
        raise SettingsError(
            f"{printable.line(shown(path))} has changed since the policies were held against it. "
            f"No resource was touched.\n"
            f"  allowed: the settings with which this up began\n"
            f"  mend:    {commands.up}"
        )


def _of_file(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _of_settings(path: Path) -> str:
    """The engine itself may add its salt to the file and set it out anew, and the settings are the same."""
    settings = json.dumps(plain(stack_file.read(path).config), sort_keys=True)
    return hashlib.sha256(settings.encode()).hexdigest()
