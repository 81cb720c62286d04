"""Whether a request or an answer fits a side of a signature, what would, and how to mend the classic mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from model_ops.signatures.body import bodies
from model_ops.signatures.field_type import Array, Field, FieldType, Object
from model_ops.signatures.fit import mismatch
from model_ops.signatures.found import in_words
from model_ops.signatures.mending import mended
from model_ops.signatures.reading import readings
from model_ops.signatures.sample import sample, wanted
from model_ops.signatures.side import Side

__all__ = ["example", "explain_column", "mismatches"]


def mismatches(value: Any, side: Side) -> tuple[str, ...]:
    """Say, in a sentence each, where a request or an answer does not fit; empty where it fits in one way to read it.

    `value` is JSON: a request's body (a dict by column name, or one below `inputs`, `instances`, `dataframe_split` or
    `dataframe_records`) or an answer, bare or below `predictions`. Columns that no field asks for are ignored.
    """
    likeliest: tuple[str, ...] = ()
    for sentences in _tries(value, side):
        if not sentences:
            return ()
        likeliest = likeliest or sentences
    return likeliest


def example(side: Side) -> Any:
    """Make a small value that fits: one row by name such as `{"messages": […]}`, or a list of one row by position."""
    if side.named:
        return {str(field.name): sample(field.type, str(field.name)) for field in wanted(side.fields)}
    values = [sample(field.type) for field in side.fields]
    if side.tensors:
        return values[0]
    return values if len(values) == 1 else [values]


def explain_column(name: str, side_field: Field, found: Any) -> str:
    """Say what was found in a row of the column `name`, what was expected, and what to pass instead, as code.

    The code keeps what was found where it can: a text becomes the content of a message, a lone item a list of it.
    """
    value = mended(side_field.type, found, name)
    return (
        f"{name} is {in_words(found)}; expected {_described(side_field.type)}. Pass instead\n"
        f"  in a DataFrame: pandas.DataFrame({_code({name: [value]})})\n"
        f"  in a row of JSON lines or a request: {json.dumps({name: value}, ensure_ascii=False)}"
    )


def _tries(value: Any, side: Side) -> Iterator[tuple[str, ...]]:
    for body in bodies(value, side):
        found = readings(body, side)
        for reading in found:
            yield tuple(sentence for row in reading for sentence in row.mismatches(side))
        if not found:
            yield (mismatch(body.path, body.data, f"{side.form}: {', '.join(side.by_name)}"),)


def _described(type_: FieldType) -> str:
    match type_:
        case Array(items=Object(properties=properties)):
            return f"{type_.words}, a list of objects with {', '.join(str(f.name) for f in wanted(properties))}"
        case Object(properties=properties):
            return f"{type_.words} with {', '.join(str(field.name) for field in wanted(properties))}"
        case _:
            return type_.words


def _code(value: Any) -> str:
    """Write the value as Python, with the quotes of JSON."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(_code, value))}]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)
