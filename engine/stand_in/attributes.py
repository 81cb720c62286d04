"""What is known of a resource type's properties: the facts that check, diff and refresh are derived from.

The facts are those of the Databricks Terraform provider, which the released plugin wraps: what replaces a resource,
what the workspace decides when nothing is set, what it never gives back, which lists are sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["string", "bool", "int", "number", "map", "object", "list", "set"]
Value = Any
"""A property as plain data: None, bool, int, float, str, list, dict, or `values.UNKNOWN`."""
Values = dict[str, Any]
"""Properties by name, in Pulumi's camelCase."""


def unchanged(text: str) -> str:
    """Compare strings as they are."""
    return text


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One property; a list or set without `fields` holds strings."""

    kind: Kind = "string"
    fields: Schema | None = None
    required: bool = False
    computed: bool = False
    """The workspace decides it where it is not set, so its absence from a program is no change."""
    read_only: bool = False
    """An output that no program can set."""
    write_only: bool = False
    """The workspace never gives it back: what was set last is remembered instead."""
    replaces: bool = False
    """A change makes a new resource."""
    default: Value = None
    one_of: tuple[str, ...] = ()
    key: Callable[[Values], Hashable] | None = None
    """Names an element of a list or set of objects, whatever its place."""
    same: Callable[[str], str] = unchanged
    """Strings that it maps to one mean the same to the workspace."""
    api: str | None = None
    """The name in the REST API where it is not the snake_case of the property's."""

    def identity(self, element: Value) -> Hashable:
        """Tell which element of a list or set this is."""
        if self.fields is None:
            return self.same(str(element))
        return self.key(element) if self.key else repr(element)


Schema = Mapping[str, Attribute]


def api_name(name: str, attribute: Attribute) -> str:
    """Name a property as the REST API does."""
    return attribute.api or re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def empty(value: Value) -> bool:
    """Say whether a value is what the workspace takes for not set: zero, false and nothing are one."""
    return value is None or value in ("", 0, [], {})


def equal(attribute: Attribute, one: Value, other: Value) -> bool:
    """Say whether two known values mean the same to the workspace."""
    if empty(one) or empty(other):
        return empty(one) and empty(other)
    match attribute.kind:
        case "string":
            return attribute.same(str(one)) == attribute.same(str(other))
        case "object":
            fields = attribute.fields or {}
            return all(equal(field, one.get(name), other.get(name)) for name, field in fields.items())
        case "list" | "set":
            aligned = ordered(attribute, one, other) if attribute.kind == "set" else one
            element = element_of(attribute)
            return len(one) == len(other) and all(map(lambda a, b: equal(element, a, b), aligned, other))
        case _:
            return bool(one == other)


def element_of(attribute: Attribute) -> Attribute:
    """Describe one element of a list or set."""
    kind: Kind = "object" if attribute.fields is not None else "string"
    return Attribute(kind=kind, fields=attribute.fields, same=attribute.same)


def ordered(attribute: Attribute, elements: Iterable[Value], like: Iterable[Value]) -> list[Value]:
    """Put elements in the order of `like`; those that it does not have come last, as they came."""
    places = {attribute.identity(element): place for place, element in reversed(list(enumerate(like)))}
    return sorted(elements, key=lambda element: places.get(attribute.identity(element), len(places)))
