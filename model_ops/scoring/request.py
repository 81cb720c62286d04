"""What a model is asked with a batch: the columns of its signature, each value checked, as a DataFrame."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model_ops.errors import RowsError, first_line
from model_ops.scoring.columns import MisfitError, checked, read_cell
from model_ops.scoring.rows import Batch, Record
from model_ops.signatures.field_type import Field, Scalar

DTYPES = {"integer": "int32", "long": "int64", "float": "float32", "double": "float64", "datetime": "datetime64[ns]"}


def typed(batch: Batch, inputs: Sequence[Field], source: Path) -> list[Record]:
    """Return the rows with the signature's columns as values of their types; raises RowsError at the first misfit.

    Where MLflow knows the columns by position, they are the first ones of the file. Other columns stay as they are.
    """
    rows = zip(batch.lines, batch.records, strict=True)
    return [{**record, **_values(record, inputs, batch.text, f"{source}, line {line}")} for line, record in rows]


def frame(records: Sequence[Record], inputs: Sequence[Field]) -> Any:
    """Make the `pandas.DataFrame` that the model is asked with: its columns alone, or all without a signature.

    MLflow writes into nested values while it checks them, so it gets copies.
    """
    import pandas as pd

    if not inputs:
        return pd.DataFrame(copy.deepcopy(list(records)))
    named = zip(names(records[0], inputs), inputs, strict=True)
    present = [(name, field) for name, field in named if any(name in record for record in records)]
    return pd.DataFrame({name: _series([r.get(name) for r in records], field) for name, field in present})


def names(record: Record, inputs: Sequence[Field]) -> list[str]:
    """The names under which a file has the signature's columns: its own names, or by position."""
    return [field.name or place for field, place in zip(inputs, [*record, *([""] * len(inputs))], strict=False)]


def _values(record: Record, inputs: Sequence[Field], text: bool, where: str) -> Record:
    values, read = {}, read_cell if text else checked
    for name, field in zip(names(record, inputs), inputs, strict=True):
        if name not in record:
            if field.required:
                raise RowsError(_missing(name, record, inputs, where))
            continue
        try:
            values[name] = read(name, field, record[name])
        except MisfitError as error:
            raise RowsError(f"{where}: {error}") from None
    return values


def _missing(name: str, record: Record, inputs: Sequence[Field], where: str) -> str:
    wanted = ", ".join(field.name or f"column {place}" for place, field in enumerate(inputs, start=1))
    return (
        f"{where}: there is no column {name or len(record) + 1}. The model's signature wants {wanted}; "
        f"found {', '.join(record) or 'none'}. Add or rename the column, then run this again."
    )


def _series(values: list[Any], field: Field) -> Any:
    import pandas as pd

    dtype = DTYPES.get(field.type.words, "object")
    if dtype.startswith("int") and None in values:
        dtype = "object"
    try:
        return pd.Series(values if isinstance(field.type, Scalar) else copy.deepcopy(values), dtype=dtype)
    except (OverflowError, ValueError, TypeError) as error:  # pandas' own error for a date out of bounds is the second
        raise RowsError(
            f"Column {field.name} holds a value that the model cannot take as {field.type.words}: {first_line(error)}"
        ) from None
