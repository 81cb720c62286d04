"""The difference between what is and what is asked for, path by path.

As in Terraform, what is asked for is compared with the *state*, so that drift found by a refresh shows too; where
nothing is asked for, what the workspace decides by itself is no difference, and the rest is to be removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from engine.stand_in.attributes import Attribute, Schema, Value, Values, element_of, empty, equal, ordered
from engine.stand_in.values import known

ChangeKind = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Change:
    """One property that differs; `path` is Pulumi's, such as `config.servedEntities[0].entityVersion`."""

    path: str
    kind: ChangeKind
    replaces: bool = False

    @property
    def root(self) -> str:
        """The resource's property that holds it."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


def differences(schema: Schema, old: Values, new: Values, ignored: Iterable[str] = ()) -> list[Change]:
    """List what must change for the state `old` to become what the inputs `new` ask for."""
    changes = _fields("", schema, old, new)
    return [change for change in changes if not any(_within(change.path, path) for path in ignored)]


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _fields(path: str, schema: Schema, old: Values, new: Values) -> list[Change]:
    changes: list[Change] = []
    for name, attribute in schema.items():
        if not attribute.read_only:
            inner = f"{path}.{name}" if path else name
            changes += _value(inner, attribute, old.get(name), new.get(name))
    return changes


def _value(path: str, attribute: Attribute, old: Value, new: Value) -> list[Change]:
    if new is None:
        gone = not (attribute.computed or empty(old))
        changes = [Change(path, "delete")] if gone else []
    elif not known(new) and attribute.kind not in ("object", "list"):
        changes = [Change(path, "add" if old is None else "update")]
    elif empty(old) or empty(new) or isinstance(new, str):
        changes = _whole(path, attribute, old, new)
    else:
        changes = _inside(path, attribute, old, new)
    return [replace(change, replaces=True) for change in changes] if attribute.replaces else changes


def _whole(path: str, attribute: Attribute, old: Value, new: Value) -> list[Change]:
    if known(new) and equal(attribute, old, new):
        return []
    return [Change(path, "add" if old is None else "update")]


def _inside(path: str, attribute: Attribute, old: Value, new: Value) -> list[Change]:
    match attribute.kind:
        case "object":
            return _fields(path, attribute.fields or {}, old, new)
        case "map":
            return _map(path, old, new)
        case "list":
            return _list(path, attribute, old, new)
        case "set":
            return _set(path, attribute, old, new)
        case _:
            return _whole(path, attribute, old, new)


def _map(path: str, old: Values, new: Values) -> list[Change]:
    added = [Change(_entry(path, name), "add") for name in new if name not in old]
    gone = [Change(_entry(path, name), "delete") for name in old if name not in new]
    return added + gone + [Change(_entry(path, n), "update") for n in new if n in old and new[n] != old[n]]


def _entry(path: str, name: str) -> str:
    return f"{path}.{name}" if re.fullmatch(r"\w+", name) else f'{path}["{name}"]'


def _list(path: str, attribute: Attribute, old: list[Value], new: list[Value]) -> list[Change]:
    element = element_of(attribute)
    changes = [c for i, (a, b) in enumerate(zip(old, new, strict=False)) for c in _value(f"{path}[{i}]", element, a, b)]
    changes += [Change(f"{path}[{i}]", "add") for i in range(len(old), len(new))]
    return changes + [Change(f"{path}[{i}]", "delete") for i in range(len(new), len(old))]


def _set(path: str, attribute: Attribute, old: list[Value], new: list[Value]) -> list[Change]:
    aligned = ordered(attribute, old, new)
    changes = _list(path, attribute, aligned, new)
    # A path with a place in it is only true where both sides have the element in that place.
    return changes if not changes or aligned == old else [Change(path, "update")]
