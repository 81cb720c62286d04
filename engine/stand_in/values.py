"""Plain data for properties: what the protocol's property values are turned into and made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

from engine.stand_in.attributes import Value, Values

UNKNOWN: Final = rpc.UNKNOWN
"""Stands for a value that is known only when the resource it comes from exists."""

INTERNAL: Final = ("__defaults", "__internal", "__meta", "id")
"""Keys that belong to the engine or to the released plugin's own bookkeeping."""


def plain(value: PropertyValue) -> Value:
    """Turn a property value into plain data; whole numbers become int."""
    inner = value.value
    if isinstance(inner, Mapping):
        return {name: plain(item) for name, item in inner.items()}
    if isinstance(inner, list | tuple):
        return [plain(item) for item in inner]
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    return inner


def plain_map(values: Mapping[str, PropertyValue]) -> Values:
    """Turn a resource's properties into plain data, without nulls and without bookkeeping."""
    items = ((name, plain(value)) for name, value in values.items() if name not in INTERNAL)
    return {name: value for name, value in items if value is not None}


def wrap(value: Value) -> PropertyValue:
    """Turn plain data into a property value; None inside lists and maps stays null."""
    if isinstance(value, Mapping):
        return PropertyValue({name: wrap(item) for name, item in value.items()})
    if isinstance(value, list | tuple):
        return PropertyValue([wrap(item) for item in value])
    if isinstance(value, int) and not isinstance(value, bool):
        return PropertyValue(float(value))
    return PropertyValue(value)


def wrap_map(values: Mapping[str, Value]) -> dict[str, PropertyValue]:
    """Turn plain properties into property values, leaving out what is None."""
    return {name: wrap(value) for name, value in values.items() if value is not None}


def known(value: Value) -> bool:
    """Say whether a value holds nothing that is still unknown."""
    if isinstance(value, Mapping):
        return all(known(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(known(item) for item in value)
    return bool(value != UNKNOWN)
