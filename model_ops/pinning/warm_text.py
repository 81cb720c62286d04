"""Reads and writes the versions that a model keeps warm in a stack file's text, all else kept to the byte."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from model_ops.errors import PinError
from model_ops.pinning.cut_text import StaysError, without
from model_ops.pinning.pin_text import KEY as PIN
from model_ops.pinning.setting_text import (
    INT,
    Leaf,
    Path,
    compose,
    entry,
    found,
    inserted,
    model_settings,
    own,
    require_alone,
)

KEY = "warmVersions"
SEQUENCE = "tag:yaml.org,2002:seq"


def warm(text: str, model: str) -> tuple[int, ...]:
    """Read the versions that `text` keeps warm of `model`, as listed; raises PinError where it cannot be read."""
    key, value = found(text, model, KEY)
    if key is None or value is None:
        return ()
    items = value.value if isinstance(value, SequenceNode) else [value]
    if not all(isinstance(each, ScalarNode) and str(each.tag) == INT for each in items):
        line = key.start_mark.line + 1
        raise PinError(f"{KEY} of {model} at line {line} is no list of versions: write it as in `{KEY}: [6, 7]`.")
    return tuple(int(each.value) for each in items)


def with_warm(text: str, model: str, versions: Collection[int]) -> str:
    """Give the text with these versions of `model` kept warm and nothing else changed; raises PinError where it cannot.

    A model that keeps none gets its line below its pin, or below its schema; with none left to keep, the line goes.
    """
    numbers = sorted(set(versions))
    before = compose(text)
    if not numbers:
        with suppress(StaysError):
            return without(text, model, KEY)
    edited = _edited(text, model_settings(before, model), f"[{', '.join(map(str, numbers))}]")
    items: dict[Path, Leaf] = {(str(index),): (INT, str(number)) for index, number in enumerate(numbers)}
    require_alone(before, edited, model, KEY, {(): (SEQUENCE, ""), **items})
    return edited


def _edited(text: str, settings: MappingNode, value: str) -> str:
    entry(settings, KEY)  # refuses one that stands twice
    pair = own(settings, KEY)
    if pair is None:
        return inserted(text, settings, f"{KEY}: {value}", behind=PIN if own(settings, PIN) else "schema")
    key, old = pair
    plain = isinstance(old, SequenceNode) and old.flow_style and not old.anchor
    if not plain or old.start_mark.index < key.start_mark.index:
        line = key.start_mark.line + 1
        raise PinError(f"{KEY} at line {line} is no plain list on one line: write `{KEY}: {value}` there.")
    return f"{text[: old.start_mark.index]}{value}{text[old.end_mark.index :]}"
