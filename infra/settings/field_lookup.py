"""Finds the field of a settings model that a location in the stack file leads to."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from infra.settings.location import Location


def field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    """The innermost field on the way to `location`; None where there is none."""
    return _follow(model, location)[0]


def keys_at(model: type[BaseModel], location: Location) -> tuple[str, ...]:
    """The keys that are allowed in the mapping at `location`; none where it is no model."""
    inside = _follow(model, location)[1]
    return tuple(str(field.alias) for field in inside.model_fields.values()) if _is_model(inside) else ()


def _follow(model: type[BaseModel], location: Location) -> tuple[FieldInfo | None, Any]:
    field: FieldInfo | None = None
    inside: Any = model
    for key in location:
        if _is_model(inside):
            field = next((each for each in inside.model_fields.values() if each.alias == key), None)
            inside = _present(field.annotation) if field else None
        else:
            inside = _held(inside)
    return field, inside


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _present(annotation: Any) -> Any:
    """`T` of `T | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _held(annotation: Any) -> Any:
    """What a mapping holds by its keys, or a list by its positions."""
    arguments = get_args(annotation)
    if not arguments:
        return None
    return arguments[1] if get_origin(annotation) is Mapping else arguments[0]
