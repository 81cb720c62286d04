"""A small value that fits a type, realistic where the field's name is well known from chats."""

from __future__ import annotations

from typing import Any

from model_ops.signatures.field_type import Array, Field, FieldType, Map, Object, Scalar, SparkVector, Tensor

TEXT = "Hello!"
SCALARS: dict[str, Any] = {
    "boolean": True,
    "integer": 1,
    "long": 1,
    "float": 0.5,
    "double": 0.5,
    "string": TEXT,
    "binary": "SGVsbG8h",
    "datetime": "2026-03-01T12:00:00",
}
KNOWN: dict[tuple[str, str], Any] = {
    ("role", "string"): "user",
    ("type", "string"): "text",
    ("object", "string"): "chat.completion",
    ("finish_reason", "string"): "stop",
    ("max_tokens", "integer"): 256,
    ("max_tokens", "long"): 256,
    ("created", "long"): 1_772_366_400,
    **{(name, "string"): "How do I roll back?" for name in ("prompt", "input", "query", "question")},
}
"""By a field's name and type."""

FIRST = ("role", "content")
"""As every client writes a message."""

DTYPES = {"bool": True, "int": 1, "uint": 1, "float": 0.5, "datetime64": SCALARS["datetime"]}
"""By how the name of NumPy's dtype begins; a text for any other."""


def sample(type_: FieldType, name: str = "") -> Any:
    """Make a value of the type for the field `name`; what is optional stays out where something is required."""
    match type_:
        case Scalar(name=kind):
            return KNOWN.get((name, kind), SCALARS[kind])
        case Array(items=items) | SparkVector(items=items):
            return [sample(items, name)]
        case Map(values=values):
            return {"key": sample(values)}
        case Object(properties=properties):
            return {str(field.name): sample(field.type, str(field.name)) for field in wanted(properties)}
        case Tensor(dtype=dtype, shape=shape):
            return _nested(dtype, shape)
    return TEXT


def wanted(fields: tuple[Field, ...]) -> list[Field]:
    """The fields that an example has: the required ones, or all where none is; a message's role comes first."""
    required = [field for field in fields if field.required] or list(fields)
    return sorted(required, key=lambda field: FIRST.index(field.name) if field.name in FIRST else len(FIRST))


def _nested(dtype: str, shape: tuple[int, ...]) -> Any:
    value = next((value for kind, value in DTYPES.items() if dtype.startswith(kind)), TEXT)
    for length in reversed(shape):
        value = [value] * (1 if length == -1 else length)
    return value
