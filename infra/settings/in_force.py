"""Tells what is in force in a stack: each setting, its value, and the line that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from infra.settings import stack_file
from infra.settings.defaults import DEFAULTS, source
from infra.settings.load import load
from infra.settings.location import Location, dotted, in_file
from infra.settings.schema import Experiment, Model
from infra.settings.stack_file import StackFile


@dataclass(frozen=True, kw_only=True)
class InForce:
    """One setting; `value` is None where nothing is said, and what is there stays as it is."""

    model: str | None
    """The entry that it is of; None for one of the whole stack."""
    setting: str
    """By its whole name, without `rollpin:models.` and the entry's name."""
    value: Any
    line: int | None
    """Of the stack's file; None where the file says nothing, and Rollpin's own default holds."""
    common: bool
    """Whether that line is of `rollpin:defaults`."""


def in_force(path: Path, stack: str) -> Iterator[InForce]:
    """Each setting of a stack's file, those of the stack first; raises SettingsError where the file has mistakes."""
    settings, file = load(path, stack), stack_file.read(path)
    for name, field in type(settings).model_fields.items():
        if name not in ("models", "defaults"):
            for where, value in _leaves(getattr(settings, name), (str(field.alias),)):
                yield _told(file, None, where, value, dotted(in_file(where)))
    for name, model in settings.models.items():
        for inside, value in _leaves(_whole(model, name, stack), ()):
            yield _told(file, name, ("models", name, *inside), value, dotted(inside))


def _told(file: StackFile, model: str | None, location: Location, value: Any, setting: str) -> InForce:
    where = source(file, in_file(location))
    line = file.places[where].line if where in file.places else None
    common = where[: len(DEFAULTS)] == DEFAULTS
    return InForce(model=model, setting=setting, value=to_jsonable_python(value), line=line, common=common)


def _whole(model: Model, name: str, stack: str) -> Model:
    """A model with what follows from its name and the stack's."""
    experiment = model.experiment
    if model.has_experiment:
        experiment = (experiment or Experiment()).model_copy(update={"name": model.experiment_name(stack, name)})
    endpoint = model.endpoint.model_copy(update={"name": model.endpoint_name(name)})
    said = {"model": model.registered_name(name), "create_experiment": model.has_experiment}
    return model.model_copy(update={**said, "experiment": experiment, "endpoint": endpoint})


def _leaves(value: Any, location: Location) -> Iterator[tuple[Location, Any]]:
    """Every value by where it stands; a list is one, and so is a mapping without keys."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _leaves(getattr(value, name), (*location, str(field.alias)))
    elif isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*location, key))
    else:
        yield location, value
