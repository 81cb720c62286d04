"""The columns of a direct access index, and whether what is written to it fits them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.search.index_spec import ARRAYS, columns_of
from sandbox.workspace.stores.documents import Document

_WHOLE = frozenset({"integer", "long", "short"})
_TEXTS = frozenset({"string", "date", "timestamp"})


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The types of an index's columns by name, which of them is the key, and which holds the vectors."""

    index: str
    types: Mapping[str, str]
    key: str
    vector: str
    dimension: int

    def check_vector(self, value: Any, what: str) -> None:
        """Raise ApiError unless it is a vector of this index."""
        if not isinstance(value, list) or not all(map(_is_number, value)):
            raise invalid(f"{what}: it is a list of numbers.")
        if len(value) != self.dimension:
            raise invalid(f"{what}: index {self.index} has vectors of {self.dimension} numbers, found {len(value)}.")

    def check_row(self, row: Any) -> Document:
        """Give a row that can be kept; raises ApiError unless it fits."""
        if not isinstance(row, dict):
            raise invalid("inputs_json: each row is an object.")
        key = row.get(self.key)
        if key is None or key == "":
            raise invalid(f"inputs_json: a row has no {self.key}, the primary key.")
        where = f"inputs_json: row {str(key)[:80]}"
        if strange := sorted(set(row) - set(self.types)):
            raise invalid(f"{where}: index {self.index} has no column {', '.join(strange)[:200]}.")
        for name, value in row.items():
            self._check_value(f"{where}: {name}", name, value)
        self.check_vector(row.get(self.vector), f"{where}: {self.vector}")
        return {name: row.get(name) for name in self.types}

    def _check_value(self, where: str, name: str, value: Any) -> None:
        type_ = self.types[name]
        if value is not None and not _fits(type_, value):
            raise invalid(f"{where} is of the type {type_}, found a {type(value).__name__}.")


def direct(index: Document) -> Columns:
    """Give the columns of a direct access index; raises ApiError for an index that follows a table."""
    spec = index.get("direct_access_index_spec")
    if spec is None:
        raise invalid(f"Index {index['name']} is no direct access index: what is in it comes from its table.")
    vector = spec["embedding_vector_columns"][0]
    return Columns(
        index=index["name"],
        types=columns_of(spec["schema_json"]),
        key=index["primary_key"],
        vector=vector["name"],
        dimension=vector["embedding_dimension"],
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _fits(type_: str, value: Any) -> bool:
    if type_ in _WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ in _TEXTS:
        return isinstance(value, str)
    if type_ == "boolean":
        return isinstance(value, bool)
    if type_ in ARRAYS:
        return isinstance(value, list)
    return _is_number(value)
