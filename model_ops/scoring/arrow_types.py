"""The types of a signature as Arrow and Parquet know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_ops.errors import RowsError
from model_ops.signatures.field_type import Array, FieldType, Map, Object, Scalar, ScalarName

ALIASES: Mapping[ScalarName, str] = {
    "string": "string",
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "binary": "binary",
    "datetime": "timestamp[us]",
}


def arrow_type(type_: FieldType) -> Any:
    """Return the `pyarrow.DataType`; raises RowsError for a type that only the values themselves tell."""
    import pyarrow as pa

    match type_:
        case Scalar(name=name):
            return pa.type_for_alias(ALIASES[name])
        case Array(items=items):
            return pa.list_(arrow_type(items))
        case Map(values=values):
            return pa.map_(pa.string(), arrow_type(values))
        case Object(properties=properties):
            return pa.struct([(field.name, arrow_type(field.type)) for field in properties])
    raise RowsError(
        f"The signature says {type_.words}, which is no type of Parquet or Spark. "
        "Score without Spark, into a .jsonl file."
    )
