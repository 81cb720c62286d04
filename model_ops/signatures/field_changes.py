"""The changes between the fields of two signatures, by the rule of `model_ops.signatures.compatibility`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from model_ops.signatures.change import Change, Level
from model_ops.signatures.field_path import ITEMS, VALUES, below
from model_ops.signatures.field_type import AnyType, Array, Field, FieldType, Map, Object, Scalar, Tensor
from model_ops.signatures.row import SideName

PROMOTIONS = frozenset({("integer", "long"), ("integer", "double"), ("float", "double")})
"""What MLflow converts on its way in: `mlflow.models.utils._enforce_mlflow_datatype`."""


def field_changes(
    side: SideName, old: Mapping[str, Field], new: Mapping[str, Field], path: str = ""
) -> Iterator[Change]:
    """Yield the changes between the fields of a side or, where `path` says which, of an object in it."""
    for name in dict.fromkeys((*old, *new)):
        here = below(path, name)
        before, after = old.get(name), new.get(name)
        if before and after:
            yield from _required(side, here, before, after)
            yield from type_changes(side, here, before.type, after.type)
        elif before:
            ignored = side != "outputs" and not path
            level: Level = "compatible" if ignored else "breaking"
            yield Change(side=side, path=here, kind="removed", old=_words(before), new=None, level=level)
        elif after:
            level = "breaking" if side != "outputs" and after.required else "widened"
            yield Change(side=side, path=here, kind="added", old=None, new=_words(after), level=level)


def type_changes(side: SideName, path: str, old: FieldType, new: FieldType) -> Iterator[Change]:
    """Yield the changes between two types, each where it stands: at `path` or below it."""
    match old, new:
        case Array(), Array():
            yield from type_changes(side, path + ITEMS, old.items, new.items)
        case Map(), Map():
            yield from type_changes(side, path + VALUES, old.values, new.values)
        case Object(), Object():
            yield from field_changes(side, _properties(old), _properties(new), path)
        case Tensor(), Tensor() if old.dtype == new.dtype and old != new:
            level = _tensor_level(side, old, new)
            yield Change(side=side, path=path, kind="shape", old=old.words, new=new.words, level=level)
        case _ if old != new:
            level = _type_level(side, old, new)
            yield Change(side=side, path=path, kind="type", old=old.words, new=new.words, level=level)


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


def _type_level(side: SideName, old: FieldType, new: FieldType) -> Level:
    loosened, tightened = _levels(side)
    if isinstance(new, AnyType) or (isinstance(new, Tensor) and new.anything and isinstance(old, Tensor)):
        return loosened
    if isinstance(old, AnyType):
        return tightened
    promoted = isinstance(old, Scalar) and isinstance(new, Scalar) and (old.name, new.name) in PROMOTIONS
    return "widened" if promoted and side != "outputs" else "breaking"


def _tensor_level(side: SideName, old: Tensor, new: Tensor) -> Level:
    loosened, tightened = _levels(side)
    if new.anything:
        return loosened
    if len(old.shape) != len(new.shape):
        return "breaking"
    changed = [(before, after) for before, after in zip(old.shape, new.shape, strict=True) if before != after]
    if all(after == -1 for _, after in changed):
        return loosened
    return tightened if all(before == -1 for before, _ in changed) else "breaking"


def _properties(type_: Object) -> dict[str, Field]:
    return {str(field.name): field for field in type_.properties}


def _words(field: Field) -> str:
    return f"{field.type.words} ({'required' if field.required else 'optional'})"
