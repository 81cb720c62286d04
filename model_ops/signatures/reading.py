"""The ways to read JSON data as rows of a side: MLflow takes records, columns, bare values, and lists by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.signatures.body import Body
from model_ops.signatures.field_path import below
from model_ops.signatures.field_type import Array, Object
from model_ops.signatures.fit import missing, type_mismatches
from model_ops.signatures.side import Side


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What was found for one field, and where."""

    path: str
    found: Any


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """What was found in one row, by field."""

    path: str
    cells: Mapping[str, Cell]

    def mismatches(self, side: Side) -> Iterator[str]:
        """Yield what does not fit; what no field asks for is ignored, as MLflow ignores it."""
        for name, field in side.by_name.items():
            if cell := self.cells.get(name):
                yield from type_mismatches(cell.path, cell.found, field.type, required=field.required)
            elif field.required:
                yield missing(below(self.path, name), field.type.words)


Reading = list[ReadRow]


def readings(body: Body, side: Side) -> list[Reading]:
    """The ways to read the body, the likeliest first; none where it can hold no row of the side."""
    if side.tensors:
        return list(_tensor_readings(body, side))
    match body.data:
        case dict():
            whole = [] if side.named or len(side.fields) > 1 else [[_only(body.path, body.data, side)]]
            return [*whole, [_record(body.path, body.data)], *_column_lists(body, side)]
        case list():
            return list(_list_readings(body, side))
        case _:
            return [[_only(body.path, body.data, side)]] if len(side.fields) == 1 else []


def _list_readings(body: Body, side: Side) -> Iterator[Reading]:
    places = [(f"{body.path}[{at}]", item) for at, item in enumerate(body.data)]
    records = [_record(path, item) for path, item in places if isinstance(item, dict)]
    recorded = [records] if len(records) == len(places) else []
    if side.named:
        yield from recorded
    if len(side.fields) == 1:
        yield [_only(path, item, side) for path, item in places]
        yield [_only(body.path, body.data, side)]
    elif not side.named and all(isinstance(item, list) for _, item in places):
        yield [_positions(path, item) for path, item in places]
    elif not side.named:
        yield [_positions(body.path, body.data)]
    if not side.named:
        yield from recorded


def _column_lists(body: Body, side: Side) -> Iterator[Reading]:
    """Read lists by column name as rows, which MLflow does where no column is itself made of lists or objects."""
    lists = {name: body.data[name] for name in side.by_name if name in body.data}
    nested = any(isinstance(field.type, Array | Object) for field in side.fields)
    if lists and not nested and all(isinstance(items, list) for items in lists.values()):
        yield [
            ReadRow(path=body.path, cells={name: _item(body.path, name, items, at) for name, items in lists.items()})
            for at in range(max(len(items) for items in lists.values()))
        ]


def _tensor_readings(body: Body, side: Side) -> Iterator[Reading]:
    """Tensors come whole: by name, as the only one, or as records, whose values are stacked."""
    records = isinstance(body.data, list) and bool(body.data) and all(isinstance(item, dict) for item in body.data)
    if isinstance(body.data, dict):
        yield [_record(body.path, body.data)]
    elif records:
        names = [name for name in side.by_name if all(name in item for item in body.data)]
        stacked = {name: [item[name] for item in body.data] for name in names}
        yield [_record(body.path, stacked)]
    if len(side.fields) == 1:
        yield [_only(body.path, body.data, side)]
    if records and not side.named:
        yield [_only(body.path, [list(item.values()) for item in body.data], side)]


def _record(path: str, record: Mapping[str, Any]) -> ReadRow:
    return ReadRow(path=path, cells={str(k): Cell(path=below(path, str(k)), found=v) for k, v in record.items()})


def _positions(path: str, values: list[Any]) -> ReadRow:
    return ReadRow(path=path, cells={str(at): Cell(path=f"{path}[{at}]", found=v) for at, v in enumerate(values)})


def _only(path: str, found: Any, side: Side) -> ReadRow:
    return ReadRow(path=path, cells={next(iter(side.by_name)): Cell(path=path, found=found)})


def _item(path: str, name: str, items: list[Any], at: int) -> Cell:
    """A column that is too short has nothing in the rows beyond its end."""
    return Cell(path=f"{below(path, name)}[{at}]", found=items[at] if at < len(items) else None)
