"""Filters of a query, as Databricks defines them for standard endpoints: `{"color": "red", "price <": 5}`.

A key is a column and perhaps an operator: nothing (is, or is one of a list), NOT, <, <=, >, >=, LIKE (has the word), or
columns joined by OR, each with the value at its place. All keys must hold.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Collection
from typing import Any

from sandbox.workspace.api.errors import invalid
from sandbox.workspace.stores.documents import Document

Test = Callable[[Document], bool]
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def parse(filters_json: str | None, columns: Collection[str]) -> Test:
    """Read filters; raises ApiError where they are no such filters, or name a column that is not there."""
    if not filters_json:
        return lambda _row: True
    try:
        found = json.loads(filters_json)
    except (ValueError, RecursionError):
        raise invalid("filters_json: it is no JSON.") from None
    if not isinstance(found, dict):
        raise invalid("filters_json: it is an object of columns and what they are to be.")
    tests = [_test(key, value, columns) for key, value in found.items()]
    return lambda row: all(test(row) for test in tests)


def _test(key: str, value: Any, columns: Collection[str]) -> Test:
    if " OR " in key:
        return _any_of(key, value, columns)
    column, _, word = key.strip().partition(" ")
    word = word.strip().upper()
    if column not in columns:
        raise invalid(f"filters_json: the index has no column {column[:80]!r}.")
    if word in _COMPARISONS:
        return _comparison(key, column, _COMPARISONS[word], value)
    if word == "LIKE":
        if not isinstance(value, str):
            raise invalid(f"filters_json: {key!r} takes a word, found {str(value)[:80]}.")
        return lambda row: value in str(row.get(column) or "").split()
    wanted = value if isinstance(value, list) else [value]
    if word == "NOT":
        return lambda row: all(not _same(row.get(column), each) for each in wanted)
    if word:
        raise invalid(f"filters_json: {word!r} in {key[:80]!r} is none of NOT, <, <=, >, >=, LIKE, OR.")
    return lambda row: any(_same(row.get(column), each) for each in wanted)


def _any_of(key: str, value: Any, columns: Collection[str]) -> Test:
    names = key.split(" OR ")
    if not isinstance(value, list) or len(value) != len(names):
        raise invalid(f"filters_json: {key[:80]!r} takes a list with a value for each of its {len(names)} columns.")
    tests = [_test(name, each, columns) for name, each in zip(names, value, strict=True)]
    return lambda row: any(test(row) for test in tests)


def _comparison(key: str, column: str, holds: Callable[[Any, Any], bool], value: Any) -> Test:
    if isinstance(value, (list, dict, bool)) or value is None:
        raise invalid(f"filters_json: {key[:80]!r} compares with a number or a text, found {str(value)[:80]}.")

    def test(row: Document) -> bool:
        held = row.get(column)
        comparable = isinstance(held, str) == isinstance(value, str) and not isinstance(held, bool)
        return held is not None and comparable and holds(held, value)

    return test


def _same(held: Any, wanted: Any) -> bool:
    return isinstance(held, bool) == isinstance(wanted, bool) and bool(held == wanted)
