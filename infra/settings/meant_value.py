"""Guesses the value that was meant by one that is not allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from infra.settings.nearest_word import nearest

WORDS = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "n", "0"), "false"),
}


def repair(text: str, kind: str, field: FieldInfo | None) -> str:
    """The text to write instead of `text`, by pydantic's `kind` of error; empty where it cannot be told."""
    if kind == "literal_error":
        return nearest(text.strip("'\""), _choices(field.annotation) if field else [])
    guess = REPAIRS.get(kind)
    return guess(text) if guess else ""


def _choices(annotation: Any) -> list[str]:
    """The words of a `Literal`, or of one that may be None."""
    found = [
        each for part in get_args(annotation) for each in (get_args(part) if get_origin(part) is Literal else [part])
    ]
    return [each for each in found if isinstance(each, str)]


def _whole(text: str) -> str:
    try:
        number = float(text.strip("'\""))
    except ValueError:
        return ""
    return str(int(number)) if number.is_integer() and number >= 1 else ""


def _truth(text: str) -> str:
    return WORDS.get(text.strip("'\"").lower(), "")


def _quoted(text: str) -> str:
    return f'"{text}"' if re.fullmatch(r"[\w.:+-]+", text) else ""


def _listed(text: str) -> str:
    return f"[{text}]" if re.fullmatch(r"[\w.@-]+", text) else ""


REPAIRS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"int_type": _whole, "bool_type": _truth, "string_type": _quoted, "tuple_type": _listed}
)
