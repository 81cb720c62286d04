"""The changes between the fields of two signatures, by the rule of `model_ops.signatures.compatibility`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from model_ops.signatures.change import Change, Kind, Level
from model_ops.signatures.conversions import ANSWERS, BELOW, COLUMNS, TENSOR_ANSWERS, Conversions, takes
from model_ops.signatures.field_path import ITEMS, VALUES, below
from model_ops.signatures.field_type import Array, Field, FieldType, Map, Object, SparkVector, Tensor
from model_ops.signatures.row import SideName


def field_changes(
    side: SideName, old: Mapping[str, Field], new: Mapping[str, Field], path: str = ""
) -> Iterator[Change]:
    """Yield the changes between the fields of a side or, where `path` says which, of an object in it."""
    for name in dict.fromkeys((*old, *new)):
        here = below(path, name)
        before, after = old.get(name), new.get(name)
        if before and after:
            yield from _required(side, here, before, after)
            yield from type_changes(side, here, before.type, after.type, BELOW if path else COLUMNS)
        elif before:
            ignored = side != "outputs" and not path
            level: Level = "compatible" if ignored else "breaking"
            yield Change(side=side, path=here, kind="removed", old=_words(before), new=None, level=level)
        elif after:
            level = "breaking" if side != "outputs" and after.required else "widened"
            yield Change(side=side, path=here, kind="added", old=None, new=_words(after), level=level)


def type_changes(
    side: SideName, path: str, old: FieldType, new: FieldType, conversions: Conversions
) -> Iterator[Change]:
    """Yield the changes between two types, each where it stands: at `path` or below it.

    `conversions` are those of a call at `path` itself.
    """
    match old, new:
        case Array(), Array():
            yield from type_changes(side, path + ITEMS, old.items, new.items, BELOW)
        case Map(), Map():
            yield from type_changes(side, path + VALUES, old.values, new.values, BELOW)
        case Object(), Object():
            yield from field_changes(side, _properties(old), _properties(new), path)
        case _ if old != new:
            alike = isinstance(old, Tensor) and isinstance(new, Tensor) and old.dtype == new.dtype
            level = _answer_level(old, new) if side == "outputs" else _call_level(old, new, conversions)
            kind: Kind = "shape" if alike else "type"
            yield Change(side=side, path=path, kind=kind, old=old.words, new=new.words, level=level)


def _required(side: SideName, path: str, old: Field, new: Field) -> Iterator[Change]:
    if old.required != new.required:
        loosened, tightened = _levels(side)
        level = loosened if old.required else tightened
        words = {True: "required", False: "optional"}
        yield Change(
            side=side, path=path, kind="required", old=words[old.required], new=words[new.required], level=level
        )


def _levels(side: SideName) -> tuple[Level, Level]:
    """Of what comes to allow more than before, and of what comes to allow less."""
    return ("breaking", "compatible") if side == "outputs" else ("widened", "breaking")


_VECTORS = {SparkVector(), Array(items=SparkVector.items)}
"""Two words for one thing in a call."""


def _call_level(old: FieldType, new: FieldType, conversions: Conversions) -> Level:
    if {old, new} == _VECTORS:
        return "compatible"
    if not takes(new, old, conversions):
        return "breaking"
    return "compatible" if takes(old, new, conversions) else "widened"


def _answer_level(old: FieldType, new: FieldType) -> Level:
    """Whoever reads the old answers reads the new ones where these say nothing that those could not."""
    return "compatible" if takes(old, new, ANSWERS, TENSOR_ANSWERS) else "breaking"


def _properties(type_: Object) -> dict[str, Field]:
    return {str(field.name): field for field in type_.properties}


def _words(field: Field) -> str:
    return f"{field.type.words} ({'required' if field.required else 'optional'})"
