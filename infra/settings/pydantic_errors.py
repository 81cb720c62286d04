"""Hands each of pydantic's findings to whoever words it: a misspelt key, a missing one, a wrong name, a wrong value."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from infra.settings import defaults, misspelt_key, wrong_value
from infra.settings.field_lookup import field_at, keys_at
from infra.settings.location import Location, in_file
from infra.settings.mistake import Mistake
from infra.settings.nearest_word import nearest
from infra.settings.stack_file import StackFile

Models = type[BaseModel]


def mistakes(error: ValidationError, model: Models, file: StackFile) -> list[Mistake]:
    """Explain each error of validating the config of `file` as `model`.

    What is said of a secret is said elsewhere, and a mistake in the defaults at their own line, not at each model's.
    """
    seen: dict[object, ErrorDetails] = {}
    for each in error.errors(include_url=False):
        if not _of_secret(each, file) and not _of_defaults(each, model, file):
            seen.setdefault(_identity(each, file), each)
    return [_mistake(each, model, file) for each in seen.values()]


def _identity(error: ErrorDetails, file: StackFile) -> object:
    """What several models merge, or repeat by an alias, is wrong once: at its own line."""
    place = file.places.get(in_file(tuple(part for part in error["loc"] if part != "[key]")))
    return (place.index, error["type"]) if place else (error["loc"], error["type"])


def _of_secret(error: ErrorDetails, file: StackFile) -> bool:
    location = in_file(error["loc"])
    return any(location[: len(secret)] == secret for secret in file.secrets)


def _of_defaults(error: ErrorDetails, model: Models, file: StackFile) -> bool:
    """Whether an error in a model is one in the defaults: of what it has from there, or lacks for a misspelt key."""
    location = tuple(part for part in error["loc"] if part != "[key]")
    where = in_file(location)
    if error["type"] != "missing" or len(location) != 3:
        return defaults.source(file, where) != where
    known = keys_at(model, ("defaults",))
    strangers = [key for key in file.keys(defaults.DEFAULTS) if key not in known]
    return any(nearest(key, known) == location[-1] for key in strangers)


def _mistake(error: ErrorDetails, model: Models, file: StackFile) -> Mistake:
    location: Location = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return misspelt_key.in_a_setting(location, keys_at(model, location[:-1]), file)
    if error["type"] == "missing":
        return wrong_value.missing(location, field_at(model, location), file)
    if error["loc"][-1:] == ("[key]",):
        return wrong_value.bad_name(location, error, file)
    return wrong_value.not_allowed(location, error, field_at(model, location), file)
