"""What a value was probably meant to be, where it does not fit the type."""

from __future__ import annotations

import json
from typing import Any

from model_ops.signatures.field_type import FieldType
from model_ops.signatures.fit import type_mismatches
from model_ops.signatures.sample import sample

LONGEST = 200
"""So much of a text is planted: it stands in a message, and a cell may hold a whole document."""


def mended(type_: FieldType, found: Any, name: str = "") -> Any:
    """Make what was found into a value that fits: read as JSON, as the one item of a list, or as a message's text.

    Where none of it fits, the value is an example of the type.
    """
    guesses = [found, _read(found)]
    guesses += [[guess] for guess in guesses]
    if isinstance(found, str):
        guesses.append(_planted(sample(type_, name), _cut(found)))
    fitting = [guess for guess in guesses if not any(type_mismatches("", guess, type_))]
    return fitting[0] if fitting else sample(type_, name)


def _read(found: Any) -> Any:
    """A table in CSV can hold lists and objects as JSON alone."""
    try:
        return json.loads(found) if isinstance(found, str) else found
    except (ValueError, RecursionError):
        return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _planted(value: Any, text: str) -> Any:
    """Put the text where the example has one: the content of a message, else the first text that is no role."""
    match value:
        case str():
            return text
        case [first, *_]:
            return [_planted(first, text)]
        case dict():
            texts = [key for key, item in value.items() if isinstance(item, str) and key != "role"]
            place = "content" if "content" in value else next(iter(texts), None)
            return {key: _planted(item, text) if key == place else item for key, item in value.items()}
        case _:
            return value
