"""Confirms that the engine was given the very settings that are in the stack's file.

With `--config-file`, an ESC environment or PULUMI_CONFIG, Pulumi runs on other settings than those of the file that
was reviewed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra.settings import printable, stack_file
from infra.settings.mistake import SettingsError, shown
from infra.settings.namespaces import SETTINGS
from model_ops.commands import Commands

Get = Callable[[str], str | None]
"""Gives the engine's value of a key in the namespace `rollpin`, as text; None where it holds none."""
IsSecret = Callable[[str], bool]
"""Tells whether the engine has decrypted the value of such a key, or a part of it: then no message shows it."""
HIDDEN = "a secret (not shown)"


def confirm(path: Path, get: Get, is_secret: IsSecret, commands: Commands) -> None:
    """Compare each setting of the file with the engine's; raises SettingsError where they differ, or one is secret."""
    config = stack_file.read(path).config
    secrets = [key for key in SETTINGS if is_secret(key)]
    differing = {
        key: HIDDEN if key in secrets else _shown(_engine(get(key)))
        for key in SETTINGS
        if key in secrets or plain(config.get(f"rollpin:{key}")) != _engine(get(key))
    }
    if differing:
        raise SettingsError(_message(path, differing, config, commands))


def _message(path: Path, differing: Mapping[str, str], config: Mapping[str, Any], commands: Commands) -> str:
    file = shown(path)
    lines = [
        f"  rollpin:{key}: {_shown(plain(config.get(f'rollpin:{key}')))} in {file}, {held} in the engine"
        for key, held in differing.items()
    ]
    if HIDDEN in differing.values():
        keys = ", ".join(f"pulumi config rm rollpin:{key}" for key, held in differing.items() if held == HIDDEN)
        lines.append(f"  no setting takes a secret; where one is in another config file: {keys} --config-file FILE")
    return "\n".join(
        [
            f"The engine holds other settings than {file}, the file that was reviewed. No resource was touched.",
            *map(printable.line, lines),
            "  allowed: the same in both",
            f"  mend:    run again without --config-file and PULUMI_CONFIG*, and without `environment:` values for "
            f"rollpin: in {file}; write the settings into {path} instead, then: {commands.engine('preview')}",
        ]
    )


def _engine(text: str | None) -> Any:
    """The engine keeps mappings and lists as JSON, all else as text."""
    if text is None or text[:1] not in {"{", "["}:
        return text
    try:
        return plain(json.loads(text))
    except ValueError:
        return text


def plain(value: Any) -> Any:
    """Scalars as the text that the engine makes of them, so that both sides compare."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
