"""What a model answered to a batch, as columns: one value a row, of plain Python types."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from model_ops.errors import ModelError
from model_ops.signatures.field_type import Field

Columns = dict[str, list[Any]]


def fields(outputs: Sequence[Field]) -> list[str] | None:
    """The names of the predictions that a signature promises; None where it promises one without a name."""
    if len(outputs) == 1 and outputs[0].name is None:
        return None
    return [field.name or str(place) for place, field in enumerate(outputs)]


def by_column(answer: Any, rows: int, outputs: Sequence[Field], prefix: str) -> Columns:
    """Sort an answer into columns named `prefix`, or `prefix.<name>` where predictions have names.

    Without a signature, a DataFrame and dictionaries tell the names. Raises ModelError where there is not one
    prediction a row.
    """
    promised = fields(outputs) if outputs else None
    found = _renamed(_unfolded(answer, keeps_objects=bool(outputs) and promised is None), outputs, promised)
    for values in found.values():
        if len(values) != rows:
            raise ModelError(
                f"The model answered {len(values)} predictions to {rows} rows: expected one a row. "
                "Only models that answer each row by itself can score a batch."
            )
    return {prefix if name is None else f"{prefix}.{name}": plain(values) for name, values in found.items()}


def plain(value: Any) -> Any:
    """Turn NumPy's and pandas' values into Python's, nested ones too; NaN, as pandas marks what is missing, to None."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "tolist"):  # an array, a Series or a scalar of NumPy
        return plain(value.tolist())
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    missing = (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in {"NaTType", "NAType"}
    return None if missing else value


def _unfolded(answer: Any, *, keeps_objects: bool) -> dict[str | None, Sequence[Any]]:
    if hasattr(answer, "columns"):
        return {str(name): answer[name].tolist() for name in answer.columns}
    if isinstance(answer, Mapping) and not keeps_objects:
        return {str(name): _listed(values) for name, values in answer.items()}
    values = _listed(answer)
    if values and not keeps_objects and all(isinstance(value, Mapping) for value in values):
        names = dict.fromkeys(name for value in values for name in value)
        return {str(name): [value.get(name) for value in values] for name in names}
    return {None: values}


def _renamed(
    found: dict[str | None, Sequence[Any]], outputs: Sequence[Field], promised: list[str] | None
) -> dict[str | None, Sequence[Any]]:
    """Give the columns the names that the signature promises, where it promises any."""
    if not outputs:
        return found
    if promised is None:
        return {None: next(iter(found.values()))}
    values = found.get(None)
    if values is not None and len(promised) == 1:
        return {promised[0]: values}
    if values is not None:
        return {name: [value[place] for value in values] for place, name in enumerate(promised)}
    missing = [name for name in promised if name not in found]
    if missing:
        raise ModelError(
            f"The model answered {', '.join(str(name) for name in found)}, and its signature promises "
            f"{', '.join(promised)}. Log it with the signature of what it answers."
        )
    return {name: found[name] for name in promised}


def _listed(values: Any) -> Sequence[Any]:
    if hasattr(values, "tolist"):
        values = values.tolist()
    return values if isinstance(values, list | tuple) else [values]
