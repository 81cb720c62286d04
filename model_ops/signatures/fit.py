"""Whether a JSON value fits a type, and where it does not; Python's own bytes and times fit as their text does.

Null fits what is optional, and `any`, alone. Where a number stands, its width is checked and not its spelling: 1 is a
double. MLflow is stricter inside arrays and objects, where it takes Python's own numbers for long and double alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from model_ops.signatures.field_path import below
from model_ops.signatures.field_type import AnyType, Array, FieldType, Map, Object, Scalar, SparkVector, Tensor
from model_ops.signatures.found import in_words


def type_mismatches(path: str, found: Any, type_: FieldType, *, required: bool = True) -> Iterator[str]:
    """Yield a sentence for each place, at `path` or below it, where `found` is not what the type says."""
    if found is None and (not required or _takes_null(type_)):
        return
    match type_:
        case Array(items=inner) | SparkVector(items=inner) if isinstance(found, list):
            yield from _all_mismatches({f"{path}[{at}]": item for at, item in enumerate(found)}, inner, required)
        case Map(values=inner) if isinstance(found, dict):
            yield from _all_mismatches({below(path, str(key)): item for key, item in found.items()}, inner, required)
        case Object() if isinstance(found, dict):
            yield from _object_mismatches(path, found, type_)
        case Tensor():
            yield from _tensor_mismatches(path, found, type_, type_.shape)
        case _ if not _fits(found, type_):
            yield mismatch(path, found, type_.words)


def mismatch(path: str, found: Any, expected: str) -> str:
    """The sentence for one place."""
    return f"{path or 'the value'} is {in_words(found)}; expected {expected}"


def missing(path: str, expected: str) -> str:
    """The sentence for a place where nothing stands."""
    return f"{path} is missing; expected {expected}"


def _takes_null(type_: FieldType) -> bool:
    """As MLflow: a list or map of anything may be null too (`mlflow.models.utils._enforce_array`, `_enforce_map`)."""
    match type_:
        case AnyType() | Array(items=AnyType()) | Map(values=AnyType()):
            return True
        case _:
            return False


def _all_mismatches(found: Mapping[str, Any], type_: FieldType, required: bool) -> Iterator[str]:
    for path, item in found.items():
        yield from type_mismatches(path, item, type_, required=required)


def _object_mismatches(path: str, found: Mapping[str, Any], type_: Object) -> Iterator[str]:
    properties = {str(field.name): field for field in type_.properties}
    for name, field in properties.items():
        if name in found:
            yield from type_mismatches(below(path, name), found[name], field.type, required=field.required)
        elif field.required:
            yield missing(below(path, name), field.type.words)
    for name in found.keys() - properties.keys():
        yield f"{below(path, name)} is not in the signature; expected {', '.join(properties)} alone"


def _tensor_mismatches(path: str, found: Any, tensor: Tensor, shape: tuple[int, ...]) -> Iterator[str]:
    if tensor.anything:
        return
    if not shape:
        if not _fits_dtype(found, tensor.dtype):
            yield mismatch(path, found, tensor.dtype)
    elif not isinstance(found, list) or shape[0] not in (-1, len(found)):
        length = "any length" if shape[0] == -1 else f"length {shape[0]}"
        yield mismatch(path, found, f"a list of {length} in a {tensor.words}")
    else:
        for at, item in enumerate(found):
            yield from _tensor_mismatches(f"{path}[{at}]", item, tensor, shape[1:])


def _fits(found: Any, type_: FieldType) -> bool:
    return SCALAR_TESTS[type_.name](found) if isinstance(type_, Scalar) else isinstance(type_, AnyType)


def _fits_dtype(found: Any, dtype: str) -> bool:
    return next((test(found) for kind, test in DTYPE_TESTS.items() if dtype.startswith(kind)), True)


def _is_whole(found: Any, bits: int = 64) -> bool:
    return type(found) is int and -(2 ** (bits - 1)) <= found < 2 ** (bits - 1)


def _is_natural(found: Any) -> bool:
    return type(found) is int and 0 <= found < 2**64


def _is_number(found: Any) -> bool:
    return type(found) in (int, float)


def _is_text(found: Any) -> bool:
    return isinstance(found, str)


def _is_bool(found: Any) -> bool:
    return isinstance(found, bool)


def _is_time(found: Any) -> bool:
    return isinstance(found, date) or _reads(datetime.fromisoformat, found)


def _is_base64(found: Any) -> bool:
    return isinstance(found, bytes) or _reads(lambda text: base64.b64decode(text, validate=True), found)


def _reads(read: Callable[[str], object], found: Any) -> bool:
    try:
        return isinstance(found, str) and read(found) is not None
    except (ValueError, binascii.Error):
        return False


SCALAR_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "boolean": _is_bool,
    "integer": lambda found: _is_whole(found, 32),
    "long": _is_whole,
    "float": _is_number,
    "double": _is_number,
    "string": _is_text,
    "binary": _is_base64,
    "datetime": _is_time,
}
DTYPE_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "bool": _is_bool,
    "int": _is_whole,
    "uint": _is_natural,
    "float": _is_number,
    "str": _is_text,
    "bytes": _is_text,
    "datetime64": _is_time,
}
"""By how the name of NumPy's dtype begins; of any other, such as object, nothing is checked."""
