"""Reads the sides of a signature from the JSON texts of an MLmodel file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from model_ops.errors import SignatureError
from model_ops.signatures.field_path import ITEMS, VALUES, below
from model_ops.signatures.field_type import (
    SCALARS,
    AnyType,
    Array,
    Field,
    FieldType,
    Map,
    Object,
    Scalar,
    ScalarName,
    SparkVector,
    Tensor,
)
from model_ops.signatures.parameter import Parameter
from model_ops.signatures.side import Side

REMEDY = "Log the model again, with a signature from `mlflow.models.infer_signature`."
DEEPEST = 50
"""So many types may stand in each other: far more than people write, far fewer than Python can follow."""


def read_side(name: str, written: Any) -> Side | None:
    """Read `inputs` or `outputs`; None where it is absent. Raises SignatureError for what MLflow would not write."""
    if not (entries := _entries(name, written)):
        return None
    side = Side(fields=tuple(_field(name, at, entry) for at, entry in enumerate(entries)))
    if len({field.name is None for field in side.fields}) > 1:
        raise _unreadable(name, "some fields have a name and some have none", "all or none")
    if len({isinstance(field.type, Tensor) for field in side.fields}) > 1:
        raise _unreadable(name, "there are columns and tensors", "one of the two")
    _refuse_twins(name, [field.name for field in side.fields if field.name is not None])
    return side


def read_parameters(written: Any) -> tuple[Parameter, ...] | None:
    """Read `params`; None where there are none. Raises SignatureError for what MLflow would not write."""
    if not (entries := _entries("params", written)):
        return None
    parameters = tuple(_parameter(at, entry) for at, entry in enumerate(entries))
    _refuse_twins("params", [parameter.name for parameter in parameters])
    return parameters


def _entries(name: str, written: Any) -> list[Any]:
    if written is None or written == "":
        return []
    try:
        entries = json.loads(written) if isinstance(written, str) else written
    except (ValueError, RecursionError) as error:
        raise _unreadable(name, f"it is no JSON text ({error})", "a list of fields") from None
    if not isinstance(entries, list) or not (entries or name == "params"):
        raise _unreadable(name, f"it is {json.dumps(entries, default=str)[:60]}", "a list of fields")
    return entries


def _field(side: str, at: int, entry: Any) -> Field:
    path = f"{side} {at}"
    if not isinstance(entry, Mapping):
        raise _unreadable(path, f"it is {json.dumps(entry)[:60]}", "an object with a `type`")
    if (name := entry.get("name")) is not None:
        name = name if isinstance(name, str) else json.dumps(name)  # pandas has columns named 0 or ("a", "b")
        path = f"{side} {below('', name)}"
    type_ = _tensor(path, entry) if entry.get("type") == "tensor" else _type(path, entry)
    return Field(name=name, type=type_, required=_required(entry, default=isinstance(type_, Scalar | Tensor)))


def _required(entry: Mapping[str, Any], *, default: bool) -> bool:
    """Say it as MLflow does: a complex column that says nothing is optional. Its older releases wrote `optional`."""
    return bool(entry.get("required", not entry["optional"] if "optional" in entry else default))


def _type(path: str, entry: Any, depth: int = 1) -> FieldType:
    if depth > DEEPEST:
        raise _unreadable(path.partition(ITEMS)[0], f"more than {DEEPEST} types stand in each other", "fewer")
    kind = entry.get("type") if isinstance(entry, Mapping) else None
    if isinstance(kind, str) and kind in SCALARS:
        return Scalar(name=cast(ScalarName, kind))
    match kind:
        case "any":
            return AnyType()
        case "sparkml_vector":
            return SparkVector()
        case "array":
            return Array(items=_type(path + ITEMS, entry.get("items"), depth + 1))
        case "map":
            return Map(values=_type(path + VALUES, entry.get("values"), depth + 1))
        case "object":
            return _object(path, entry.get("properties"), depth + 1)
    expected = f"one of {', '.join(sorted(SCALARS))}, array, object, map, any, sparkml_vector, tensor"
    raise _unreadable(path, f"its type is {json.dumps(kind)}", expected)


def _object(path: str, properties: Any, depth: int) -> Object:
    if not isinstance(properties, Mapping) or not properties:
        raise _unreadable(path, f"its properties are {json.dumps(properties)[:60]}", "an object with a type by name")
    return Object(properties=tuple(_property(path, name, properties[name], depth) for name in sorted(properties)))


def _property(path: str, name: str, entry: Any, depth: int) -> Field:
    return Field(name=name, type=_type(below(path, name), entry, depth), required=_required(entry, default=True))


def _tensor(path: str, entry: Mapping[str, Any]) -> Tensor:
    match entry.get("tensor-spec"):
        case {"dtype": str(dtype), "shape": [*shape]} if all(type(n) is int and n >= -1 for n in shape):
            return Tensor(dtype=dtype, shape=tuple(shape))
        case spec:
            found = f"its tensor-spec is {json.dumps(spec)[:60]}"
            raise _unreadable(path, found, "a dtype and a shape of whole numbers")


def _parameter(at: int, entry: Any) -> Parameter:
    if not isinstance(entry, Mapping) or not {"name", "default"} <= set(entry):
        raise _unreadable(f"params {at}", f"it is {json.dumps(entry)[:60]}", "a name, a type and a default")
    name = str(entry["name"])
    path = f"params {below('', name)}"
    type_ = _type(path, {"type": entry.get("dtype"), **entry})  # `dtype` is what older releases wrote
    shape = entry.get("shape")
    if not isinstance(type_, Scalar | Object) or shape not in (None, [-1], (-1,)):
        raise _unreadable(path, f"it is {type_.words} with the shape {shape}", "a scalar, a list of them, or an object")
    return Parameter(name=name, type=type_, default=entry["default"], listed=shape is not None)


def _refuse_twins(side: str, names: list[str]) -> None:
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise _unreadable(side, f"{', '.join(twins)} stands there twice", "each name once")


def _unreadable(path: str, found: str, expected: str) -> SignatureError:
    return SignatureError(f"The signature's {path} cannot be read: {found}; expected {expected}. {REMEDY}")
