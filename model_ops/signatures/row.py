"""A row of the table that shows a signature to a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from model_ops.signatures.field_path import ITEMS, VALUES, below
from model_ops.signatures.field_type import Array, Field, FieldType, Map, Object
from model_ops.signatures.parameter import Parameter
from model_ops.signatures.side import Side

SideName = Literal["inputs", "outputs", "params"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field, however deep it stands."""

    side: SideName
    path: str
    """Such as `messages[].content`; a column without a name goes by its position, from `0`."""
    type: str
    """In words, such as `array<object>` or `tensor float32 [-1, 3]`."""
    required: bool
    default: str | None = None
    """A JSON text; None for all but params."""


def side_rows(name: SideName, side: Side | None) -> Iterator[Row]:
    """Yield the rows of the inputs or of the outputs, each field before what stands in it."""
    for key, field in (side.by_name if side else {}).items():
        yield from _field_rows(name, below("", key), field)


def parameter_rows(parameters: tuple[Parameter, ...] | None) -> Iterator[Row]:
    """Yield the rows of the parameters; the properties of one have no default of their own."""
    for parameter in parameters or ():
        path = below("", parameter.name)
        yield Row(side="params", path=path, type=parameter.words, required=False, default=parameter.default_text)
        yield from _inner_rows("params", path + (ITEMS if parameter.listed else ""), parameter.type)


def _field_rows(name: SideName, path: str, field: Field) -> Iterator[Row]:
    yield Row(side=name, path=path, type=field.type.words, required=field.required)
    yield from _inner_rows(name, path, field.type)


def _inner_rows(name: SideName, path: str, type_: FieldType) -> Iterator[Row]:
    match type_:
        case Array(items=items):
            yield from _inner_rows(name, path + ITEMS, items)
        case Map(values=values):
            yield from _inner_rows(name, path + VALUES, values)
        case Object(properties=properties):
            for field in properties:
                yield from _field_rows(name, below(path, str(field.name)), field)
