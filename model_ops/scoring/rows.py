"""Reads a batch file in pieces, so that it may be larger than memory: CSV, JSON lines or Parquet, by its suffix."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NoReturn

from model_ops.errors import RowsError, first_line

Format = Literal["csv", "jsonl", "parquet"]
Record = dict[str, Any]
SUFFIXES: Mapping[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some rows of a file, as it has them."""

    records: list[Record]
    lines: list[int]
    """Where each row stands: its last line in the file, or its number from 1 in Parquet."""
    text: bool = False
    """All values are text, as in a CSV file."""
    table: Any = None
    """The same as a `pyarrow.RecordBatch`, where the file is Parquet: it knows the exact types."""


def format_of(path: Path) -> Format:
    """Tell the format by the suffix; raises RowsError where it is none of ours."""
    try:
        return SUFFIXES[path.suffix.lower()]
    except KeyError:
        raise RowsError(
            f"{path} has the suffix {path.suffix or '(none)'}: expected one of {', '.join(SUFFIXES)}. "
            "Rename it for what it holds, or convert it."
        ) from None


def count(path: Path) -> int:
    """Count the rows of a file without keeping or reading them more than it takes; raises RowsError."""
    if format_of(path) == "parquet":
        with _opened(path) as file:
            return int(_parquet(file, path).metadata.num_rows)
    return sum(1 for _ in READERS[format_of(path)](path))


def read(path: Path, size: int) -> Iterator[Batch]:
    """Read a file in batches of up to `size` rows; raises RowsError at what cannot be read, or if there is no row."""
    batches = _parquet_batches(path, size) if format_of(path) == "parquet" else _text_batches(path, size)
    empty = True
    for batch in batches:
        empty = False
        yield batch
    if empty:
        raise RowsError(f"{path} has no rows: expected at least one. Check what wrote it.")


def _text_batches(path: Path, size: int) -> Iterator[Batch]:
    format_ = format_of(path)
    parse, rows = PARSERS[format_](path), READERS[format_](path)
    while some := list(islice(rows, size)):
        records = [parse(line, row) for line, row in some]
        yield Batch(records=records, lines=[line for line, _ in some], text=format_ == "csv")


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, as lists of cells."""
    csv.field_size_limit(sys.maxsize)  # a conversation in one cell is soon longer than the default
    with _opened(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        rows = _readable(path, reader, lambda: reader.line_num)
        next(rows, None)
        yield from ((reader.line_num, row) for row in rows if row)


def _csv_parser(path: Path) -> Callable[[int, list[str]], Record]:
    with _opened(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header: list[str] = next(_readable(path, reader, lambda: reader.line_num), [])
    if len(set(header)) < len(header):
        raise RowsError(f"{path}, line 1: a column stands twice in {', '.join(header)}. Name each once.")

    def parse(line: int, cells: list[str]) -> Record:
        if len(cells) != len(header):
            _bad(path, line, f"found {len(cells)} cells, expected {len(header)}: {', '.join(header)}")
        return dict(zip(header, cells, strict=True))

    return parse


def _json_rows(path: Path) -> Iterator[tuple[int, str]]:
    with _opened(path), path.open(encoding="utf-8-sig") as file:
        for line, text in enumerate(_readable(path, file), start=1):
            if text.strip():
                yield line, text


def _json_parser(path: Path) -> Callable[[int, str], Record]:
    def constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not JSON")

    def parse(line: int, text: str) -> Record:
        try:
            row = json.loads(text, parse_constant=constant)
        except (ValueError, RecursionError) as error:
            _bad(path, line, f"found {text.strip()[:80]!r}, expected one JSON object ({error})")
        if not isinstance(row, dict):
            _bad(path, line, f"found {text.strip()[:80]!r}, expected one JSON object")
        return row

    return parse


def _parquet_batches(path: Path, size: int) -> Iterator[Batch]:
    done = 0
    with _opened(path) as file:
        for table in _readable(path, _parquet(file, path).iter_batches(batch_size=size)):
            lines = list(range(done + 1, done + 1 + table.num_rows))
            done += table.num_rows
            if lines:
                yield Batch(records=table.to_pylist(maps_as_pydicts="strict"), lines=lines, table=table)


def _parquet(file: Any, path: Path) -> Any:
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(file)
    except (pyarrow.ArrowException, OSError) as error:
        raise RowsError(f"{path} is no Parquet file: {first_line(error)}") from None


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise RowsError(f"{path} cannot be read: {error.strerror}. Check the path.") from None


def _readable(path: Path, rows: Iterable[Any], line: Callable[[], int] | None = None) -> Iterator[Any]:
    done = 0
    try:
        for row in rows:
            yield row
            done += 1
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        where = line() if line else done + 1
        _bad(path, where, f"cannot be read ({first_line(error)}): expected UTF-8 text, or whole Parquet pages")


def _bad(path: Path, line: int, reason: str) -> NoReturn:
    raise RowsError(f"{path}, line {line}: {reason}. Mend or remove it, then run this again.")


READERS: Mapping[str, Callable[[Path], Iterator[tuple[int, Any]]]] = {"csv": _csv_rows, "jsonl": _json_rows}
PARSERS: Mapping[str, Callable[[Path], Callable[[int, Any], Record]]] = {"csv": _csv_parser, "jsonl": _json_parser}
