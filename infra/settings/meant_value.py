"""Guesses the value that was meant by one that is not allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from infra.settings.location import Location
from infra.settings.nearest_word import nearest

WORDS = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), "true"),
    **dict.fromkeys(("false", "no", "off", "n", "0"), "false"),
}


def repair(text: str, kind: str, field: FieldInfo | None, location: Location) -> str:
    """The text to write at `location` instead of `text`, by pydantic's `kind` of error; empty where none is known.

    A text that the field would not take either is none.
    """
    if field is None:
        return ""
    if kind == "literal_error":
        return nearest(text.strip("'\""), _choices(field.annotation))
    guess = REPAIRS.get(kind)
    meant = guess(text) if guess else ""
    return meant if meant and _taken(meant, field, location) else ""


def _taken(text: str, field: FieldInfo, location: Location) -> bool:
    value = YAML(typ="safe", pure=True).load(text)
    value = tuple(value) if isinstance(value, list) else value
    if location[-1] != field.alias:
        value = (value,) if isinstance(location[-1], int) else {location[-1]: value}
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
    except ValidationError:
        return False
    return True


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
    """The text in quotes: a number, a flag, or a reference to a secret, whose braces YAML takes for a mapping."""
    return f'"{text}"' if re.fullmatch(r"[\w.:+-]+|\{\{secrets/[\w./@-]+\}\}", text) else ""


def _listed(text: str) -> str:
    return f"[{text}]" if re.fullmatch(r"[\w.@-]+", text) else ""


REPAIRS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"int_type": _whole, "bool_type": _truth, "string_type": _quoted, "tuple_type": _listed}
)
