"""Whether inputs can be at all, before anything is asked of the workspace; and what stands where nothing was set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from engine.stand_in.attributes import Attribute, Schema, Value, Values, element_of
from engine.stand_in.failures import Refusal
from engine.stand_in.values import UNKNOWN

WORDS = {
    "string": "a string",
    "bool": "true or false",
    "int": "a whole number",
    "number": "a number",
    "map": "a map of strings",
    "object": "an object",
    "list": "a list",
    "set": "a list",
}
SHAPES: dict[str, tuple[type[Any], ...]] = {
    "string": (str,),
    "bool": (bool,),
    "int": (int,),
    "number": (int, float),
    "map": (dict,),
    "object": (dict,),
    "list": (list,),
    "set": (list,),
}


@dataclass(frozen=True)
class Checked:
    """Inputs as they will be used, and what is wrong with them."""

    inputs: Values
    refusals: tuple[Refusal, ...]


def check(schema: Schema, inputs: Values) -> Checked:
    """Convert, complete and validate `inputs`."""
    refusals: list[Refusal] = []
    return Checked(_fields("", schema, inputs, refusals), tuple(refusals))


def autoname(resource: str, old: Values, seed: bytes) -> str:
    """Name what the program leaves unnamed, as the released plugin does: a suffix, kept for good."""
    kept = old.get("name")
    return str(kept) if kept else f"{resource}-{hashlib.sha256(seed).hexdigest()[:7]}"


def exactly_one(inputs: Values, names: tuple[str, ...]) -> list[Refusal]:
    """Refuse inputs that set none of `names`, or more than one."""
    found = [name for name in names if inputs.get(name) is not None]
    if len(found) == 1:
        return []
    said = " and ".join(found) if found else "none"
    return [Refusal(found[0] if found else names[0], f"set exactly one of {', '.join(names)}; found {said}")]


def _fields(path: str, schema: Schema, values: Values, refusals: list[Refusal]) -> Values:
    settable = {name: attribute for name, attribute in schema.items() if not attribute.read_only}
    for name in values.keys() - settable.keys():
        has = ", ".join(sorted(settable))
        refusals.append(Refusal(_join(path, name), f"the stand-in provider has no such input here; it has {has}"))
    checked = {}
    for name, attribute in settable.items():
        value = _value(_join(path, name), attribute, values.get(name), refusals)
        if value is not None:
            checked[name] = value
    return checked


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _value(path: str, attribute: Attribute, value: Value, refusals: list[Refusal]) -> Value:
    if value is None:
        if attribute.required:
            refusals.append(Refusal(path, f"is required: set it to {WORDS[attribute.kind]}"))
        return attribute.default
    if value == UNKNOWN:
        return value
    value = _convert(attribute, value)
    if not _fits(attribute, value):
        refusals.append(Refusal(path, f"must be {WORDS[attribute.kind]}, found {value!r}"))
    elif attribute.one_of and value not in attribute.one_of:
        refusals.append(Refusal(path, f"must be one of {', '.join(attribute.one_of)}, found {value!r}"))
    elif attribute.fields is not None or attribute.kind in ("list", "set"):
        return _nested(path, attribute, value, refusals)
    return value


def _convert(attribute: Attribute, value: Value) -> Value:
    """Take `7` for "7", "7" for 7 and "true" for true, as the released plugin does."""
    match attribute.kind, value:
        case "string", bool():
            return str(value).lower()
        case "string", int() | float():
            return str(value)
        case "int", str() if value.lstrip("-").isdecimal():
            return int(value)
        case "bool", "true" | "false":
            return value == "true"
        case "map", dict():
            return {name: _convert(Attribute(), item) for name, item in value.items()}
        case _:
            return value


def _fits(attribute: Attribute, value: Value) -> bool:
    if isinstance(value, bool) and attribute.kind != "bool":
        return False
    if attribute.kind == "map" and isinstance(value, dict):
        return all(isinstance(item, str) for item in value.values())
    return isinstance(value, SHAPES[attribute.kind])


def _nested(path: str, attribute: Attribute, value: Value, refusals: list[Refusal]) -> Value:
    if attribute.kind == "object":
        return _fields(path, attribute.fields or {}, value, refusals)
    element = element_of(attribute)
    return [_value(f"{path}[{place}]", element, item, refusals) for place, item in enumerate(value)]
