"""Reads and writes the pin in a stack file's text: the one value that a rollback changes.

All else keeps its value, and its bytes, but for an anchor on the old pin: it moves to where it is first repeated. Merge
keys and aliases mean here what they mean to the engine.
"""

from __future__ import annotations

import re

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from model_ops.errors import PinError
from model_ops.pinning.setting_text import (
    INT,
    LINE_BREAK,
    compose,
    entry,
    found,
    inserted,
    model_settings,
    own,
    require_alone,
)

KEY = "servedVersion"
PIN = re.compile(r"[1-9][0-9]{0,17}")
"""More digits are no version, and past 4,300 Python refuses to read them."""
NAME = r"(?![^\s,\]}])"
"""The end of an anchor's name, or of an alias."""


def pinned(text: str, model: str) -> int | None:
    """Read the version that `text` pins of `model`; None where the model, or its pin, is absent.

    Raises PinError where the text cannot be read, or pins something that is no whole number from 1.
    """
    key, pin = found(text, model, KEY)
    if key is None or pin is None:
        return None
    plain = isinstance(pin, ScalarNode) and str(pin.tag).endswith(":int") and PIN.fullmatch(str(pin.value))
    if not plain:
        line = key.start_mark.line + 1
        raise PinError(f"{KEY} of {model} at line {line} is no plain whole number from 1: write it as in `{KEY}: 7`.")
    return int(pin.value)


def with_pin(text: str, model: str, version: int) -> str:
    """Give the text with `version` of `model` pinned in it and nothing else changed; raises PinError where it cannot.

    A model that has no pin yet gets one after its schema; where that is in the defaults, before all else.
    """
    if version < 1:
        raise PinError(f"{version} is not a version: a pin is a whole number from 1.")
    before = compose(text)
    edited = _edited(text, model_settings(before, model), version)
    require_alone(before, edited, model, KEY, {(): (INT, str(version))})
    return edited


def _edited(text: str, settings: MappingNode, version: int) -> str:
    entry(settings, KEY)  # refuses one that stands twice
    pair = own(settings, KEY)
    if pair is None:
        return inserted(text, settings, f"{KEY}: {version}", behind="schema")
    key, old = pair
    if old.start_mark.index < key.start_mark.index:
        return _instead_of_alias(text, key, version)
    start, end = old.start_mark.index, old.end_mark.index
    if not isinstance(old, ScalarNode) or LINE_BREAK.search(text, start, end):
        raise PinError(f"{KEY} at line {old.start_mark.line + 1} is no value on one line: write a number there.")
    if start == end and (colon := re.compile(r"[ \t]*:").match(text, key.end_mark.index)):
        start = end = colon.end()  # the mark of an empty value stands behind its comment
    gap = " " if text[start - 1] == ":" else ""
    rest = text[end:]
    if old.anchor:
        moved = re.compile(rf"\*{re.escape(old.anchor)}{NAME}")
        rest = moved.sub(lambda _: text[start:end], rest, count=1)
    return f"{text[:start]}{gap}{version}{rest}"


def _instead_of_alias(text: str, key: Node, version: int) -> str:
    alias = re.compile(rf"([ \t]*:[ \t]*)\*[^\s,\]}}]+{NAME}").match(text, key.end_mark.index)
    if alias is None:
        raise PinError(f"{KEY} at line {key.start_mark.line + 1} is no value on one line: write a number there.")
    return f"{text[: alias.end(1)]}{version}{text[alias.end() :]}"
