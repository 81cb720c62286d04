"""The types of a signature as Arrow and Parquet know them."""

from __future__ import annotations

from typing import Any

from model_ops.columns import Type
from model_ops.errors import RowsError


def arrow_type(type_: Type) -> Any:
    """Return the `pyarrow.DataType`; raises RowsError for a type that only the values themselves tell."""
    import pyarrow as pa  # noqa: PLC0415 - the command line does not pay for it

    kind = type_["type"]
    if kind == "array":
        return pa.list_(arrow_type(type_["items"]))
    if kind == "map":
        return pa.map_(pa.string(), arrow_type(type_["values"]))
    if kind == "object":
        return pa.struct([(name, arrow_type(inner)) for name, inner in type_["properties"].items()])
    scalars = {
        "string": pa.string(),
        "boolean": pa.bool_(),
        "integer": pa.int32(),
        "long": pa.int64(),
        "float": pa.float32(),
        "double": pa.float64(),
        "binary": pa.binary(),
        "datetime": pa.timestamp("us"),
    }
    if kind not in scalars:
        raise RowsError(
            f"The signature says {kind}, which is no type of Parquet or Spark. Score without Spark, into a .jsonl file."
        )
    return scalars[kind]
