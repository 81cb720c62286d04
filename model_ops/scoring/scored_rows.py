"""Writes scored rows to one file: CSV, JSON lines or Parquet, by its suffix, whole or not at all."""

from __future__ import annotations

import base64
import contextlib
import csv
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from model_ops.errors import RowsError
from model_ops.scoring.arrow_types import arrow_type
from model_ops.scoring.predictions import Columns
from model_ops.scoring.rows import Batch, Format, Record, format_of
from model_ops.signatures.field_type import FieldType


@dataclass(frozen=True, kw_only=True)
class ScoredBatch:
    """A batch as it was read, its rows with their types, and its predictions."""

    batch: Batch
    typed: list[Record]
    predictions: Columns


Types = Mapping[str, FieldType]
"""The types of columns by their names, as far as a signature tells them."""
Write = Callable[[ScoredBatch], None]


def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Raise RowsError where the target is there and may not be overwritten."""
    if not target.parent.is_dir():
        raise RowsError(
            f"{target} cannot be written: there is no folder {target.parent}. Make it: mkdir -p {target.parent}"
        )
    if target.exists() and not overwrite:
        raise RowsError(
            f"{target} is there already: expected a new file. Name another, or allow it: overwrite=True (--overwrite)."
        )


@contextmanager
def written(target: Path, *, overwrite: bool, types: Types) -> Iterator[Write]:
    """Give what writes one batch after the other; the file takes its place when all of them are written.

    A reader, a failure or a `kill -9` sees the old file or none. `types` are those that a signature gives to columns.
    Raises RowsError where the target is there and may not be overwritten, or cannot be written.
    """
    format_ = format_of(target)
    refuse_existing(target, overwrite=overwrite)
    try:
        with _draft(target, overwrite=overwrite) as file, WRITERS[format_](file, types) as write:
            yield write
    except OSError as error:
        raise RowsError(f"{target} cannot be written: {error.strerror or error}. Check its folder.") from None


@contextmanager
def _draft(target: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        if overwrite:
            draft.replace(target)
        else:
            _claim(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _claim(draft: Path, target: Path) -> None:
    """Give the draft its name, unless somebody has taken that meanwhile."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise RowsError(f"{target} has come into being meanwhile, and is left as it is. Name another file.") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _csv(file: IO[bytes], _types: Types) -> Iterator[Write]:
    text = _Text(file)
    writer, header = csv.writer(text), list[str]()

    def write(scored: ScoredBatch) -> None:
        for line, row in zip(scored.batch.lines, _rows(scored.batch.records, scored.predictions), strict=True):
            if not header:
                header.extend(row)
                writer.writerow(header)
            if unknown := [name for name in row if name not in header]:
                raise RowsError(
                    f"Line {line} has {', '.join(unknown)}, which the first row does not have: a .csv file has one "
                    "header. Write a .jsonl file."
                )
            writer.writerow([_cell(row.get(name)) for name in header])

    yield write


@contextmanager
def _jsonl(file: IO[bytes], _types: Types) -> Iterator[Write]:
    def write(scored: ScoredBatch) -> None:
        kept = scored.typed if scored.batch.text else scored.batch.records
        for row in _rows(kept, scored.predictions):
            file.write(f"{_json(row)}\n".encode(errors="backslashreplace"))

    yield write


@contextmanager
def _parquet(file: IO[bytes], types: Types) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with contextlib.ExitStack() as stack:
        writers: list[Any] = []

        def write(scored: ScoredBatch) -> None:
            schema = writers[0].schema if writers else None
            try:
                table = _table(scored, types, schema)
            except (pa.ArrowException, TypeError, OverflowError, UnicodeEncodeError) as error:
                raise RowsError(
                    f"Lines {scored.batch.lines[0]} to {scored.batch.lines[-1]} do not fit one Parquet schema "
                    f"({str(error).splitlines()[0]}). Write a .jsonl file."
                ) from None
            if not writers:
                writers.append(stack.enter_context(pq.ParquetWriter(file, table.schema)))
            writers[0].write_batch(table)

        yield write


def _table(scored: ScoredBatch, types: Types, schema: Any) -> Any:
    """Make one Arrow batch; the first one sets the schema for all."""
    import pyarrow as pa

    source = scored.batch.table
    names = schema.names if schema else list(next(iter(_rows(scored.typed, scored.predictions))))
    arrays = []
    for name in names:
        if source is not None and name in source.schema.names:
            arrays.append(source.column(name))
            continue
        values = scored.predictions.get(name) or [row.get(name) for row in scored.typed]
        type_ = schema.field(name).type if schema else arrow_type(types[name]) if name in types else None
        array = pa.array(values, type=type_)
        arrays.append(array.cast(pa.string()) if pa.types.is_null(array.type) else array)
    extra = {name for row in scored.typed for name in row} - set(names)
    if extra:
        raise TypeError(f"{', '.join(sorted(extra))} not in the first row")
    fields = schema or pa.schema([pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)])
    return pa.RecordBatch.from_arrays(arrays, schema=fields)


def _rows(kept: Sequence[Record], predictions: Columns) -> Iterator[Record]:
    for index, record in enumerate(kept):
        yield {**record, **{name: values[index] for name, values in predictions.items()}}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json_or_text(value)


def _json_or_text(value: Any) -> str:
    plain = isinstance(value, bool | int | float | list | dict)
    return _json(value) if plain else _text(value)


def _json(value: Any) -> str:
    """Write what JSON has: nothing stands for NaN and infinity, which it has not."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_text, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_text)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(value: Any) -> str:
    """The text of what JSON has no form for: times in ISO 8601, bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


class _Text:
    """Takes the csv module's rows to a file of bytes, a newline behind each.

    The module itself quotes a carriage return inside a cell only where its rows end with one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        row = text.removesuffix("\r\n")
        return self._file.write(f"{row}\n".encode(errors="backslashreplace"))


WRITERS: Mapping[Format, Callable[[IO[bytes], Types], AbstractContextManager[Write]]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
