"""What a request or an answer of the scoring server carries, out of the wrapper that says how it is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model_ops.signatures.side import Side

WRAPPERS = ("dataframe_split", "dataframe_records", "inputs", "instances", "predictions")
"""`mlflow.pyfunc.scoring_server.SUPPORTED_FORMATS`, and what stands around an answer."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """The data, and the path at which it stands."""

    path: str
    data: Any


def bodies(value: Any, side: Side) -> list[Body]:
    """The ways to read `value`, the likeliest first: what its wrapper holds, and the value itself.

    The latter only where there is no wrapper, or where a column has a wrapper's name.
    """
    found = [key for key in WRAPPERS if isinstance(value, dict) and key in value]
    wrapped = [_unwrapped(key, value[key], side) for key in found]
    bare = [Body(path="", data=value)] if not found or set(found) & set(side.by_name) else []
    return bare + wrapped


def _unwrapped(key: str, data: Any, side: Side) -> Body:
    match data:
        case {"data": [*rows]} if key == "dataframe_split" and all(isinstance(row, list) for row in rows):
            names = data.get("columns") if side.named else None
            return Body(path=f"{key}.data", data=[_record(row, names) for row in rows])
        case [*records] if key == "dataframe_records" and all(isinstance(record, dict) for record in records):
            return Body(path=key, data=records if side.named else [_record([*each.values()]) for each in records])
    return Body(path=key, data=data)


def _record(row: list[Any], names: Any = None) -> dict[str, Any]:
    """A row by name; by position where the side has no names, for then MLflow takes the columns as they come."""
    keys = names if isinstance(names, list) else range(len(row))
    return {str(key): value for key, value in zip(keys, row, strict=False)}
