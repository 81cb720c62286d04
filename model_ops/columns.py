"""The columns that a signature asks for, and whether a value fits one; types are read as an MLmodel file has them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

Type = Mapping[str, Any]
"""`{"type": "string"}`, `{"type": "array", "items": {…}}` and so on, as in the MLmodel file."""

NESTED = frozenset({"array", "object", "map", "tensor", "any"})
EXAMPLE = '[{"role": "user", "content": "Hello, how can I assist you today?"}]'
FRAME = 'pd.DataFrame({"%s": [[{"role": "user", "content": "…"}]]})'


class MisfitError(ValueError):
    """A value that a column cannot hold; says what was found and what was expected."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One input or output of a signature; `name` is None where MLflow knows it by its position alone."""

    name: str | None
    type: Type
    required: bool = True

    @property
    def nested(self) -> bool:
        """Say whether a cell holds more than one value, so that CSV writes it as JSON."""
        return self.type["type"] in NESTED

    def read(self, text: str) -> Any:
        """Read a cell of a CSV file; an empty one is nothing, except as a string; raises MisfitError."""
        kind = self.type["type"]
        if kind == "string":
            return text
        if not text:
            return self.checked(None)
        if not self.nested:
            return self.checked(_scalar(text, kind))
        try:
            return self.checked(json.loads(text))
        except json.JSONDecodeError:
            raise MisfitError(self.explain(text)) from None

    def checked(self, value: Any) -> Any:
        """Return `value` if the column can hold it, times and bytes read from their text; raises MisfitError."""
        kind = self.type["type"]
        if value is None and not (self.required and kind in {"array", "object", "map", "integer", "long", "boolean"}):
            return None
        if isinstance(value, str) and kind in READ:
            value = _scalar(value, kind)
        if reason := misfit(value, self.type):
            raise MisfitError(self.explain(value) if isinstance(value, str) else reason)
        return value

    def explain(self, text: str) -> str:
        """Say that text stands where the signature wants something else, and what to pass instead."""
        found = f"found the text {_short(text)}, expected {spelled(self.type)}"
        if not _wants_messages(self.type):
            return found
        return f"{found}.\nPass a list of messages in each row: {EXAMPLE}, as in {FRAME % (self.name or 'messages')}"


def columns(schema: Sequence[Mapping[str, Any]] | None) -> tuple[Column, ...]:
    """Read the inputs or outputs of a signature; none where it has none."""
    return tuple(
        Column(name=spec.get("name"), type=spec, required=bool(spec.get("required", True))) for spec in schema or ()
    )


def spelled(type_: Type) -> str:
    """Spell a type on one line: `array<object{content: string, role: string}>`."""
    kind = str(type_["type"])
    if kind == "array":
        return f"array<{spelled(type_['items'])}>"
    if kind == "map":
        return f"map<string, {spelled(type_['values'])}>"
    if kind == "object":
        inner = ", ".join(f"{name}: {spelled(inner)}" for name, inner in type_["properties"].items())
        return f"object{{{inner}}}"
    return kind


def misfit(value: Any, type_: Type) -> str | None:
    """Say what of `value` does not fit the type; None if all of it does."""
    kind = type_["type"]
    if kind in DEEP:
        return DEEP[kind](value, type_)
    wrong = kind in SCALARS and (
        not isinstance(value, SCALARS[kind]) or (kind != "boolean" and isinstance(value, bool))
    )
    return f"found {_short(value)}, expected {spelled(type_)}" if wrong else None


def _array(value: Any, type_: Type) -> str | None:
    if not isinstance(value, list):
        return f"found {_short(value)}, expected {spelled(type_)}"
    return _first((f"[{index}]", misfit(item, type_["items"])) for index, item in enumerate(value))


def _map(value: Any, type_: Type) -> str | None:
    if not isinstance(value, dict):
        return f"found {_short(value)}, expected {spelled(type_)}"
    return _first((f".{key}", misfit(item, type_["values"])) for key, item in value.items())


def _object(value: Any, type_: Type) -> str | None:
    properties: Mapping[str, Type] = type_["properties"]
    required = {name for name, inner in properties.items() if inner.get("required", True)}
    if not isinstance(value, dict) or not required <= value.keys() <= properties.keys():
        return f"found {_short(value)}, expected {spelled(type_)}"
    there = ((name, item) for name, item in value.items() if name in required or item is not None)
    return _first((f".{name}", misfit(item, properties[name])) for name, item in there)


def _first(reasons: Any) -> str | None:
    return next((f"in {place}: {reason}" for place, reason in reasons if reason), None)


def _scalar(text: str, kind: str) -> Any:
    try:
        return READ[kind](text) if kind in READ else text
    except (ValueError, KeyError):
        raise MisfitError(f"found the text {_short(text)}, expected {kind}") from None


def _wants_messages(type_: Type) -> bool:
    items = type_.get("items") or {}
    return type_["type"] == "array" and {"role", "content"} <= (items.get("properties") or {}).keys()


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _datetime(text: str) -> datetime:
    """MLflow takes no time zones: times that have one are given in UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


DEEP: Mapping[str, Callable[[Any, Type], str | None]] = {"array": _array, "map": _map, "object": _object}
SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "binary": (bytes,),
    "datetime": (datetime, date),
}
READ: Mapping[str, Callable[[str], Any]] = {
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "binary": _bytes,
    "datetime": _datetime,
}
