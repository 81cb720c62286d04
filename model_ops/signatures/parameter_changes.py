"""The changes between the parameters of two signatures, by the rule of `model_ops.signatures.compatibility`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model_ops.signatures.change import Change
from model_ops.signatures.conversions import PARAMETERS
from model_ops.signatures.field_changes import type_changes
from model_ops.signatures.field_path import ITEMS, below
from model_ops.signatures.parameter import Parameter


def parameter_changes(old: Iterable[Parameter], new: Iterable[Parameter]) -> Iterator[Change]:
    """Yield the changes between two lists of parameters, which go by name."""
    olds, news = {each.name: each for each in old}, {each.name: each for each in new}
    for name in dict.fromkeys((*olds, *news)):
        path, before, after = below("", name), olds.get(name), news.get(name)
        if before and after:
            yield from _changes(path, before, after)
        elif before:
            yield Change(side="params", path=path, kind="removed", old=before.words, new=None, level="breaking")
        elif after:
            yield Change(side="params", path=path, kind="added", old=None, new=after.words, level="widened")


def _changes(path: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    if old.listed != new.listed:
        yield Change(side="params", path=path, kind="shape", old=old.words, new=new.words, level="breaking")
    else:
        yield from type_changes("params", path + (ITEMS if old.listed else ""), old.type, new.type, PARAMETERS)
    if old.default_text != new.default_text:
        yield Change(
            side="params", path=path, kind="default", old=old.default_text, new=new.default_text, level="compatible"
        )
