"""What is in an index: a row by its primary key, and all vectors as one matrix for as long as nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.workspace.stores.documents import Document, Documents

REVISION = "search_revision"
AT_HAND = 8
"""Indexes whose rows are kept in memory."""


@dataclass(frozen=True)
class Rows:
    """All rows of an index in the order of their keys, and the vectors of one of their columns, one a line."""

    rows: tuple[Document, ...]
    vectors: npt.NDArray[np.float64]


def write(documents: Documents, index: str, rows: Mapping[str, Document]) -> None:
    """Put rows by their keys in place of those that are there."""
    with documents.transaction():
        for key, row in rows.items():
            documents.put(_kind(index), key, row)
        _changed(documents, index)


def remove(documents: Documents, index: str, keys: Iterable[str]) -> int:
    """Take rows out by their keys; says how many were there."""
    with documents.transaction():
        there = [key for key in dict.fromkeys(keys) if documents.get(_kind(index), key) is not None]
        for key in there:
            documents.delete(_kind(index), key)
        _changed(documents, index)
    return len(there)


def clear(documents: Documents, index: str) -> None:
    """Take out all that is in an index."""
    with documents.transaction():
        for key in documents.all(_kind(index)):
            documents.delete(_kind(index), key)
        _changed(documents, index)


def count(documents: Documents, index: str) -> int:
    """Say how many rows an index has."""
    return len(documents.all(_kind(index)))


def read(documents: Documents, index: str, key: str, column: str) -> Rows:
    """Give all rows by the column that is their key, with the vectors of another."""
    return _read(documents, index, key, column, _revision(documents, index))


@lru_cache(maxsize=AT_HAND)
def _read(documents: Documents, index: str, key: str, column: str, _revision: int) -> Rows:
    rows = sorted(documents.all(_kind(index)).values(), key=lambda row: _order(row[key]))
    return Rows(rows=tuple(rows), vectors=np.array([row[column] for row in rows], dtype=np.float64))


def _order(key: Any) -> tuple[bool, Any]:
    return isinstance(key, str), key


def _revision(documents: Documents, index: str) -> int:
    return int((documents.get(REVISION, index) or {"number": 0})["number"])


def _changed(documents: Documents, index: str) -> None:
    # Kept when the index goes: a later one of its name must not find the rows of this one in memory.
    documents.put(REVISION, index, {"number": _revision(documents, index) + 1})


def _kind(index: str) -> str:
    return f"search_row/{index}"
