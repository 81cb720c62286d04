"""Reads a stack file into its settings, or says everything that is wrong with it at once.

Nothing here needs the engine, so that tests, the local stack and the program all load a stack the same way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from infra.settings import (
    catalog_contradictions,
    contradictions,
    defaults,
    encrypted_value,
    platform_contradictions,
    pydantic_errors,
    scope_contradictions,
    search_contradictions,
    stack_file,
    top_level_keys,
)
from infra.settings.catalog_schema import Catalog
from infra.settings.create_schema import Create
from infra.settings.mistake import Mistake, refuse
from infra.settings.schema import Model, Settings
from infra.settings.search_schema import VectorSearch
from infra.settings.secret_scope import SecretScope

Entry = TypeVar("Entry", bound=BaseModel)


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
    models: dict[str, Model] = {}
    scopes: dict[str, SecretScope] = {}
    try:
        settings = Settings.model_validate(values)
        models, scopes = dict(settings.models), dict(settings.secret_scopes)
    except ValidationError as error:
        mistakes += pydantic_errors.mistakes(error, Settings, file)
        models = _sound(values.get("models"), Model)
        scopes = _sound(values.get("secretScopes"), SecretScope)
    mistakes += contradictions.mistakes(file, values.get("platform"), models, stack)
    if create := _created(values.get("platform")):
        mistakes += platform_contradictions.mistakes(file, create)
    mistakes += scope_contradictions.mistakes(file, scopes)
    mistakes += catalog_contradictions.mistakes(file, _sound(values.get("catalogs"), Catalog))
    if search := settings.vector_search if settings else _sound_search(values.get("vectorSearch")):
        mistakes += search_contradictions.mistakes(file, search)
    if mistakes or settings is None:
        raise refuse(path, mistakes)
    return settings


def _sound(entries: Any, kind: type[Entry]) -> dict[str, Entry]:
    """Those entries that have no mistake of their own: what contradicts itself in them is said in the same message."""
    sound = {}
    for name, value in (entries if isinstance(entries, dict) else {}).items():
        try:
            sound[name] = kind.model_validate(value)
        except ValidationError:
            continue
    return sound


def _created(platform: Any) -> Create | None:
    """The platform to create where its settings have no mistake of their own."""
    return _sound({"create": platform.get("create")}, Create).get("create") if isinstance(platform, dict) else None


def _sound_search(value: Any) -> VectorSearch | None:
    """The settings of vector search where they have no mistake of their own."""
    try:
        return VectorSearch.model_validate(value)
    except ValidationError:
        return None
