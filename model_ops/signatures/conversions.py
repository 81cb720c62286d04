"""What an endpoint reads, unchanged, where another type is declared than the one that a client sends for.

The tables are what MLflow 3.17's scoring server did with JSON and CSV bodies, type by type: a pair stands here where it
took every body that the first type takes, in each form, and the model read the value that was sent. The test that
sends the bodies, `tests/e2e/signatures/test_scored_bodies.py`, holds each table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from model_ops.signatures.field_type import AnyType, Array, FieldType, Map, Object, Scalar, SparkVector, Tensor

Conversions: TypeAlias = Mapping[str, frozenset[str]]
"""By the name of a type, the other types as which its values are read unchanged."""


def _table(**rows: str) -> Conversions:
    return {name: frozenset(others.split()) for name, others in rows.items()}


COLUMNS = _table(
    boolean="integer long float double",
    integer="long double",
    long="double",
    float="double",
    datetime="string",
)
"""Of columns, which the server casts to what the signature says; a double holds whole numbers up to 2**53."""

BELOW = _table()
"""Of what stands in arrays, maps and objects: there the server casts nothing. It takes none but 0 and 1 as doubles."""

PARAMETERS = _table(
    integer="long float double",
    long="integer float double",
    float="double",
    double="float",
    datetime="string",
)
"""Of params: MLflow reads them as Python's own numbers, which have no width."""

_NUMBERS = "float64 object"
TENSORS = _table(
    bool=f"int8 uint8 int16 int32 uint32 int64 float32 {_NUMBERS}",
    int8=f"int16 int32 int64 float32 {_NUMBERS}",
    uint8=f"int16 int32 uint32 int64 float32 {_NUMBERS}",
    int16=f"int32 int64 float32 {_NUMBERS}",
    int32=f"int64 {_NUMBERS}",
    uint32=f"int64 {_NUMBERS}",
    int64=_NUMBERS,
    float32=_NUMBERS,
    float64="object",
    str="object",
    **{"datetime64[ns]": "object"},
)
"""Of tensors, by dtype: JSON says nothing of it, so the server makes each array with the dtype of the signature."""


def _read_back(table: Conversions) -> Conversions:
    """What a client that reads the JSON of an answer can take for another type: true and false are no numbers there."""
    return {name: others for name, others in table.items() if name not in {"boolean", "bool"}}


ANSWERS, TENSOR_ANSWERS = _read_back(COLUMNS), _read_back(TENSORS)
"""Of answers, however deep, and of tensors in them."""


def takes(new: FieldType, old: FieldType, scalars: Conversions, tensors: Conversions = TENSORS) -> bool:
    """Say whether every value of the type `old` is read unchanged where `new` is declared."""
    match new, old:
        case (AnyType(), _):
            return True
        case Scalar(), Scalar():
            return old == new or new.name in scalars.get(old.name, ())
        case Tensor(), Tensor():
            return new.anything or (_takes_dtype(new, old, tensors) and _takes_shape(new.shape, old.shape))
        case (Map(values=AnyType()), Object()) | (Array(items=AnyType()), SparkVector()):
            return True
        case Map(), Object():  # what is optional may be null, which a map need not take
            return all(field.required and field.type == new.values for field in old.properties)
    return old == new


def _takes_dtype(new: Tensor, old: Tensor, tensors: Conversions) -> bool:
    return old.dtype == new.dtype or new.dtype in tensors.get(old.dtype, ())


def _takes_shape(new: tuple[int, ...], old: tuple[int, ...]) -> bool:
    return len(new) == len(old) and all(after in (-1, before) for before, after in zip(old, new, strict=True))
