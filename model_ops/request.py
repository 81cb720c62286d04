"""What a model is asked with a batch: the columns of its signature, each value checked, as a DataFrame."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model_ops.columns import Column, MisfitError
from model_ops.errors import RowsError
from model_ops.rows import Batch, Record

DTYPES = {"integer": "int32", "long": "int64", "float": "float32", "double": "float64", "datetime": "datetime64[ns]"}


def typed(batch: Batch, inputs: Sequence[Column], source: Path) -> list[Record]:
    """Return the rows with the signature's columns as values of their types; raises RowsError at the first misfit.

    Where MLflow knows the columns by position, they are the first ones of the file. Other columns stay as they are.
    """
    rows = zip(batch.lines, batch.records, strict=True)
    return [{**record, **_values(record, inputs, batch.text, f"{source}, line {line}")} for line, record in rows]


def frame(records: Sequence[Record], inputs: Sequence[Column]) -> Any:
    """Make the `pandas.DataFrame` that the model is asked with: its columns alone, or all without a signature.

    MLflow writes into nested values while it checks them, so it gets copies.
    """
    import pandas as pd  # noqa: PLC0415 - the command line does not pay for it

    if not inputs:
        return pd.DataFrame(copy.deepcopy(list(records)))
    named = zip(names(records[0], inputs), inputs, strict=True)
    present = [(name, column) for name, column in named if any(name in record for record in records)]
    return pd.DataFrame({name: _series([r.get(name) for r in records], column) for name, column in present})


def names(record: Record, inputs: Sequence[Column]) -> list[str]:
    """The names under which a file has the signature's columns: its own names, or by position."""
    return [column.name or place for column, place in zip(inputs, [*record, *([""] * len(inputs))], strict=False)]


def _values(record: Record, inputs: Sequence[Column], text: bool, where: str) -> Record:
    values = {}
    for name, column in zip(names(record, inputs), inputs, strict=True):
        if name not in record:
            if column.required:
                raise RowsError(_missing(name, record, inputs, where))
            continue
        try:
            values[name] = column.read(record[name]) if text else column.checked(record[name])
        except MisfitError as error:
            raise RowsError(f"{where}, column {name}: {error}") from None
    return values


def _missing(name: str, record: Record, inputs: Sequence[Column], where: str) -> str:
    wanted = ", ".join(column.name or f"column {place}" for place, column in enumerate(inputs, start=1))
    return (
        f"{where}: there is no column {name or len(record) + 1}. The model's signature wants {wanted}; "
        f"found {', '.join(record) or 'none'}. Add or rename the column, then run this again."
    )


def _series(values: list[Any], column: Column) -> Any:
    import pandas as pd  # noqa: PLC0415 - as above

    dtype = DTYPES.get(column.type["type"], "object")
    if dtype.startswith("int") and None in values:
        dtype = "object"
    return pd.Series(copy.deepcopy(values) if column.nested else values, dtype=dtype)
