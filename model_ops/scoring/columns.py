"""Values of a batch as a model gets them: read from the text that files have of them, and held against a field."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from model_ops.signatures.conformance import explain_column
from model_ops.signatures.field_type import Array, Field, FieldType, Map, Object, Scalar, Tensor
from model_ops.signatures.fit import type_mismatches

NULLABLE = frozenset({"string", "float", "double", "binary", "datetime"})
"""The scalars of which pandas has a missing value, so that MLflow takes one even where the column is required."""


class MisfitError(ValueError):
    """A value that a column cannot hold; says what was found and what was expected."""


def read_cell(name: str, field: Field, text: str) -> Any:
    """Read a cell of a CSV file: JSON where the field is nested. An empty one is nothing, except as a string.

    Raises MisfitError.
    """
    if field.type == Scalar(name="string"):
        return text
    if isinstance(field.type, Scalar) or not text:
        return checked(name, field, text or None)
    try:
        return checked(name, field, json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        raise MisfitError(explain_column(name, field, text)) from None


def checked(name: str, field: Field, value: Any) -> Any:
    """Return `value` if the column `name` can hold it, what stands there as text read; raises MisfitError.

    Of tensors nothing is checked: MLflow makes them of all rows at once.
    """
    type_ = field.type
    if isinstance(type_, Tensor) or (value is None and isinstance(type_, Scalar) and type_.name in NULLABLE):
        return value
    if isinstance(value, str) and isinstance(type_, Scalar):
        value = _read(value, type_.name, READ)
    if reason := next(type_mismatches(name, value, type_, required=field.required), None):
        nested_text = isinstance(value, str) and not isinstance(type_, Scalar)
        raise MisfitError(explain_column(name, field, value) if nested_text else reason)
    return _converted(value, type_)


def _converted(value: Any, type_: FieldType) -> Any:
    """Read the times and bytes in what fits the type, however deep: JSON has only text for them."""
    match type_, value:
        case Scalar(name=kind), str():
            return _read(value, kind, READ_ANYWHERE)
        case Array(items=inner), list():
            return [_converted(item, inner) for item in value]
        case Map(values=inner), dict():
            return {key: _converted(item, inner) for key, item in value.items()}
        case Object(properties=properties), dict():
            return {**value, **{p.name: _converted(value[p.name], p.type) for p in properties if p.name in value}}
    return value


def _read(text: str, kind: str, readers: Mapping[str, Callable[[str], Any]]) -> Any:
    """What cannot be read stays text, which does not fit."""
    try:
        return readers.get(kind, str)(text)
    except (ValueError, KeyError, OverflowError):
        return text


def _datetime(text: str) -> datetime:
    """MLflow takes no time zones: times that have one are given in UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


READ_ANYWHERE: Mapping[str, Callable[[str], Any]] = {
    "binary": lambda text: base64.b64decode(text, validate=True),
    "datetime": _datetime,
}
READ: Mapping[str, Callable[[str], Any]] = {
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
}
"""Of a cell by itself: inside a list or an object, JSON has numbers of its own."""
