"""Reads a stack file into its settings, or says everything that is wrong with it at once.

Nothing here needs the engine, so that tests, the local stack and the program all load a stack the same way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from infra.settings import contradictions, defaults, encrypted_value, pydantic_errors, stack_file, top_level_keys
from infra.settings.mistake import Mistake, refuse
from infra.settings.schema import Model, Settings


def load(path: Path, stack: str) -> Settings:
    """Read the file of `stack`; raises SettingsError with every mistake in it, before anything else happens."""
    file = stack_file.read(path)
    values = {
        key.removeprefix("rollpin:"): value for key, value in file.config.items() if key.rpartition(":")[0] == "rollpin"
    }
    values |= defaults.laid(file)
    mistakes: list[Mistake] = [
        *file.mistakes,
        *top_level_keys.mistakes(file, stack),
        *encrypted_value.mistakes(file, stack),
        *defaults.mistakes(file),
    ]
    settings = None
    models = {}
    try:
        settings = Settings.model_validate(values)
        models = dict(settings.models)
    except ValidationError as error:
        mistakes += pydantic_errors.mistakes(error, Settings, file)
        models = _sound(values.get("models"))
    mistakes += contradictions.mistakes(file, values.get("platform"), models, stack)
    if mistakes or settings is None:
        raise refuse(path, mistakes)
    return settings


def _sound(models: Any) -> dict[str, Model]:
    """Those models that have no mistake of their own: what contradicts itself in them is said in the same message."""
    sound = {}
    for name, value in (models if isinstance(models, dict) else {}).items():
        try:
            sound[name] = Model.model_validate(value)
        except ValidationError:
            continue
    return sound
