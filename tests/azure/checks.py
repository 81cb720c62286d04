"""Holds inputs against their shapes: what Azure would answer with 400, found before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.stand_in.failures import Refusal
from engine.stand_in.values import UNKNOWN
from tests.azure.shapes import Field, Form, Shape

PYTHON: Mapping[Form, tuple[type, ...]] = {
    "string": (str,),
    "bool": (bool,),
    "int": (int,),
    "number": (int, float),
    "list": (list,),
    "map": (dict,),
    "object": (dict,),
    "any": (object,),
}


def refusals(fields: Mapping[str, Field], values: Mapping[str, Any], path: str = "") -> Iterator[Refusal]:
    """Say what no resource with such inputs can be: strange fields, missing ones, wrong types and values."""
    for name in values.keys() - fields.keys():
        yield Refusal(f"{path}{name}", f"is no property here; there is {', '.join(sorted(fields))}")
    for name, field in fields.items():
        if (value := values.get(name)) is not None:
            yield from _refused(field.shape, value, f"{path}{name}")
        elif field.required:
            yield Refusal(f"{path}{name}", "is required")


def _refused(shape: Shape, value: Any, path: str) -> Iterator[Refusal]:
    if value == UNKNOWN:
        return
    if not isinstance(value, PYTHON[shape.form]) or (isinstance(value, bool) and shape.form not in ("bool", "any")):
        yield Refusal(path, f"must be of type {shape.form}, found {value!r}")
    elif shape.allowed and value not in shape.allowed:
        yield Refusal(path, f"must be one of {', '.join(shape.allowed)}, found {value!r}")
    elif shape.form == "object":
        yield from refusals(shape.fields, value, f"{path}.")
    elif shape.element:
        for place, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _refused(shape.element, inner, f"{path}[{place}]")
