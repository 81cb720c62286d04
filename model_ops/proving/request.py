"""Makes a request as the scoring server takes it, of what a person typed: JSON, fields by name, or a question."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model_ops.errors import RequestError
from model_ops.signatures.body import WRAPPERS
from model_ops.signatures.field_type import AnyType, Array, Field, FieldType, Object, Scalar
from model_ops.signatures.fit import type_mismatches
from model_ops.signatures.mending import mended
from model_ops.signatures.parameter import Parameter
from model_ops.signatures.sample import sample
from model_ops.signatures.side import Side
from model_ops.signatures.signature import Signature

FIELD = re.compile(r"([^\s=]+)=(.*)", re.DOTALL)
MESSAGES = "messages"
"""Where a row holds it, the scoring server takes the row bare, as clients of chats send it."""
PARAMS = "params"
NUMBERS: Mapping[str, type] = {"integer": int, "long": int, "float": float, "double": float}
SHOWN = 12
"""As many fields are named in a message."""


@dataclass(frozen=True, kw_only=True)
class Takes:
    """What a version takes: its signature, and how it is called in a message."""

    label: str
    signature: Signature | None

    def request(self, words: Sequence[str]) -> Any:
        """Make a request of words: one JSON text, fields as `name=value`, or a question; raises RequestError."""
        text = " ".join(words)
        if (value := _json(text)) is not None:
            return self.body(value)
        fields = {found[1]: found[2] for found in map(FIELD.fullmatch, words) if found}
        known = fields.keys() & {*self._columns, *self._params}
        # A question may have an equals sign in it; then there are spaces behind that.
        if len(fields) == len(words) and (known or not any(" " in value for value in fields.values())):
            return self._of_fields(fields)
        return self.question(text)

    def body(self, value: Any) -> Any:
        """Make a request of JSON: one that is whole stays as it is; a row, or a list of rows, gets what goes around."""
        if isinstance(value, dict) and self._inputs and value.keys() & self._columns.keys() - set(WRAPPERS):
            params = {name: item for name, item in value.items() if name in self._params}
            return _around({name: item for name, item in value.items() if name not in params}, params, self._inputs)
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            return {"dataframe_records": value}
        return {"inputs": value} if isinstance(value, list) else value

    def question(self, text: str) -> Any:
        """Make a request of a question: a message of a chat, or the one text that the model takes."""
        if self.signature is None:
            return {MESSAGES: [{"role": "user", "content": text}]}
        inputs, asked = self._inputs, self._asked
        if inputs is None or asked is None:
            raise RequestError(f"{self.label} takes no question. It takes {self.fields}.")
        value = text if isinstance(inputs.by_name[asked].type, Scalar) else [{"role": "user", "content": text}]
        return self._whole({asked: value}, {})

    @property
    def fields(self) -> str:
        """Its fields in words: `amount (double), merchant (string), and optional: note (string)`."""
        columns = self._columns.items()
        known = [f"{name} ({each.type.words}{'' if each.required else ', optional'})" for name, each in columns]
        known += [f"{name} ({parameter.words}, a parameter)" for name, parameter in self._params.items()]
        more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
        return ", ".join(known[:SHOWN]) + more or "what its signature does not say"

    @property
    def _inputs(self) -> Side | None:
        return self.signature.inputs if self.signature else None

    @property
    def _columns(self) -> Mapping[str, Field]:
        """Columns or tensors; those without a name by position."""
        return self._inputs.by_name if self._inputs else {}

    @property
    def _params(self) -> Mapping[str, Parameter]:
        parameters = self.signature.params if self.signature else None
        return {each.name: each for each in parameters or ()}

    @property
    def _asked(self) -> str | None:
        """The field that a question goes to; None where there is none, or more than one."""
        columns = self._columns
        if MESSAGES in columns and _takes_messages(columns[MESSAGES].type):
            return MESSAGES
        wanted = [name for name, each in columns.items() if each.required] or list(columns)
        texts = [name for name in wanted if columns[name].type == Scalar(name="string")]
        return texts[0] if len(wanted) == len(texts) == 1 else None

    def _of_fields(self, typed: Mapping[str, str]) -> Any:
        types = {name: each.type for name, each in self._columns.items()}
        types |= {name: Array(items=each.type) if each.listed else each.type for name, each in self._params.items()}
        if strangers := [name for name in typed if name not in types]:
            raise RequestError(f"{self.label} has no field {', '.join(strangers)}. It takes {self.fields}.")
        values = {name: _value(name, text, types[name]) for name, text in typed.items()}
        row = {name: value for name, value in values.items() if name in self._columns}
        return self._whole(row, {name: value for name, value in values.items() if name not in row})

    def _whole(self, row: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
        inputs = self._inputs
        lacking = [name for name, each in self._columns.items() if each.required and name not in row]
        if lacking or inputs is None:
            raise RequestError(f"{self.label} also needs {', '.join(lacking)}. It takes {self.fields}.")
        return _around(row, params, inputs)


def _around(row: Mapping[str, Any], params: Mapping[str, Any], inputs: Side) -> Any:
    """Put around a row what the scoring server wants there."""
    if MESSAGES in row and inputs.named:
        return {**row, **params}
    beside = {PARAMS: dict(params)} if params else {}
    if inputs.tensors:
        return {"inputs": dict(row) if inputs.named else next(iter(row.values())), **beside}
    if inputs.named:
        return {"dataframe_records": [dict(row)], **beside}
    return {"dataframe_split": {"data": [[row.get(name) for name in inputs.by_name]]}, **beside}


def _value(name: str, text: str, type_: FieldType) -> Any:
    """Read what was typed as the type says; raises RequestError with what to type."""
    value = _read(text, type_)
    wrong = list(type_mismatches(name, value, type_))
    if wrong and _takes_messages(type_):
        value, wrong = [{"role": "user", "content": text}], []
    if wrong:
        example = json.dumps(mended(type_, value, name) if not isinstance(type_, Scalar) else sample(type_, name))
        raise RequestError(f"{wrong[0]}. Type, for example, {name}={_quoted(example)}.")
    return value


def _read(text: str, type_: FieldType) -> Any:
    match type_:
        case Scalar(name="boolean"):
            return {"true": True, "false": False}.get(text.lower(), text)
        case Scalar(name=kind) if kind in NUMBERS:
            return _number(text, NUMBERS[kind])
        case Scalar():
            return text
        case _:
            found = _parsed(text)
            return text if found is _UNREAD else found


def _number(text: str, kind: type) -> Any:
    """The number, or the text where it is none that JSON has."""
    try:
        value = kind(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _takes_messages(type_: FieldType) -> bool:
    match type_:
        case Array(items=Object(properties=properties)):
            return {"role", "content"} <= {each.name for each in properties}
        case _:
            return isinstance(type_, AnyType)


def _json(text: str) -> Any:
    """An object or a list; None for any other text, which may be a question that begins with a number."""
    found = _parsed(text) if text.lstrip()[:1] in {"{", "["} else None
    return found if isinstance(found, (dict, list)) else None


_UNREAD = object()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _UNREAD


def _quoted(text: str) -> str:
    return f"'{text}'" if re.search(r"[^\w.:+-]", text) else text
