"""GitHub's expressions, `${{ … }}`, as https://docs.github.com/actions/reference/evaluate-expressions describes them.

What is not described there, an unknown function or an unknown context, raises: a workflow that needs it is not run.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<number>0x[0-9a-fA-F]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||[<>=!]=|[<>!()\[\].,*]))"
)
OUTER = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "NaN": math.nan, "Infinity": math.inf}
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
"""Operators from the loosest to the tightest."""


class ExpressionError(Exception):
    """An expression that GitHub would refuse, or that is not known here."""


@dataclass(frozen=True)
class Language:
    """The functions that an expression may call."""

    functions: Mapping[str, Callable[..., Any]]
    statuses: Mapping[str, Callable[[str], bool]]
    """Those that tell how things went so far: success, failure, cancelled or skipped."""


@dataclass
class Scope:
    """What an expression may name: the contexts, and the state of the job that the status functions tell."""

    contexts: Mapping[str, Any]
    status: str = "success"
    language: Language = field(default_factory=lambda: GITHUB)
    asked_status: bool = field(default=False, init=False)
    """Whether a status function stood in the expression, even where it was not reached."""

    def value(self, text: str) -> Any:
        """Evaluate an expression without its braces."""
        return _Reader(text, self).whole()

    def condition(self, text: object) -> bool:
        """Evaluate an `if:`, which holds only after success unless it says otherwise."""
        if text is None:
            return self.status == "success"
        inner = OUTER.fullmatch(str(text).strip())
        self.asked_status = False
        held = truth(self.value(inner.group(1) if inner else str(text)))
        return held if self.asked_status else held and self.status == "success"

    def filled(self, value: Any) -> Any:
        """Fill the expressions in a text, also within a mapping or list; one that stands alone keeps its kind."""
        if isinstance(value, Mapping):
            return {key: self.filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if not isinstance(value, str):
            return value
        if (alone := OUTER.fullmatch(value.strip())) and "${{" not in alone.group(1):
            return self.value(alone.group(1))
        return OUTER.sub(lambda found: shown(self.value(found.group(1))), value)


@dataclass
class _Reader:
    """Reads one expression from left to right, and evaluates it on the way."""

    text: str
    scope: Scope
    place: int = 0

    def whole(self) -> Any:
        found = self._operation(0)
        if self.text[self.place :].strip():
            raise ExpressionError(f"{self.text!r}: what is {self.text[self.place :]!r}?")
        return found

    def _peek(self) -> tuple[str, str]:
        found = TOKEN.match(self.text, self.place)
        return (str(found.lastgroup), found.group(str(found.lastgroup))) if found else ("", "")

    def _next(self) -> tuple[str, str]:
        kind, token = self._peek()
        if not kind:
            raise ExpressionError(f"{self.text!r} ends too soon, or has what is no expression at {self.place}")
        self.place = TOKEN.match(self.text, self.place).end()  # type: ignore[union-attr] # it was just matched
        return kind, token

    def _operation(self, level: int) -> Any:
        if level == len(LEVELS):
            return self._unary()
        left = self._operation(level + 1)
        while self._peek()[1] in LEVELS[level] and self._peek()[0] == "sign":
            sign = self._next()[1]
            left = _operate(sign, left, self._operation(level + 1))
        return left

    def _unary(self) -> Any:
        if self._peek() == ("sign", "!"):
            self._next()
            return not truth(self._unary())
        return self._parts(self._simple())

    def _simple(self) -> Any:
        kind, token = self._next()
        if kind == "number":
            return _plain_number(float(int(token, 16)) if token.startswith("0x") else float(token))
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if token == "(":
            inner = self._operation(0)
            self._expect(")")
            return inner
        if kind != "name":
            raise ExpressionError(f"{self.text!r}: {token} is not expected")
        if self._peek() == ("sign", "("):
            return self._call(token)
        if token in WORDS:
            return WORDS[token]
        if token not in self.scope.contexts:
            raise ExpressionError(f"{self.text!r}: there is no context {token} here")
        return self.scope.contexts[token]

    def _call(self, name: str) -> Any:
        self._expect("(")
        given: list[Any] = []
        while self._peek()[1] != ")":
            given.append(self._operation(0))
            if self._peek()[1] == ",":
                self._next()
        self._expect(")")
        if held := self.scope.language.statuses.get(name):
            self.scope.asked_status = True
            return held(self.scope.status)
        if name not in self.scope.language.functions:
            raise ExpressionError(f"{self.text!r}: there is no function {name} here")
        return self.scope.language.functions[name](*given)

    def _parts(self, value: Any) -> Any:
        starred = False
        while self._peek()[1] in {".", "["} and self._peek()[0] == "sign":
            if self._next()[1] == ".":
                kind, key = self._next()
                if kind != "name" and key != "*":
                    raise ExpressionError(f"{self.text!r}: {key} is no name")
            elif self._peek() == ("sign", "*"):
                key = self._next()[1]
                self._expect("]")
            else:
                key = self._operation(0)
                self._expect("]")
            if key == "*":
                value, starred = _each(value), True
            else:
                value = [_part(each, key) for each in value if _has(each, key)] if starred else _part(value, key)
        return value

    def _expect(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise ExpressionError(f"{self.text!r}: {sign} is expected before {self.place}")


def truth(value: Any) -> bool:
    """What GitHub takes for true: all but false, 0, NaN, an empty text and null."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return isinstance(value, (list, Mapping)) or value not in (None, False, "", 0)


def shown(value: Any) -> str:
    """A value within a text."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return "Object" if isinstance(value, Mapping) else "Array" if isinstance(value, list) else str(value)


def _plain_number(value: float) -> float | int:
    return int(value) if math.isfinite(value) and value == int(value) else value


def _operate(sign: str, left: Any, right: Any) -> Any:
    if sign == "||":
        return left if truth(left) else right
    if sign == "&&":
        return right if truth(left) else left
    if sign in {"==", "!="}:
        return equal(left, right) == (sign == "==")
    one, other = (left.lower(), right.lower()) if _texts(left, right) else (_number(left), _number(right))
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def equal(left: Any, right: Any) -> bool:
    """Whether two values are equal, loosely.

    Texts are, whatever their case, values of two kinds as numbers; mappings and lists only if they are one.
    """
    if _texts(left, right):
        return bool(left.lower() == right.lower())
    if isinstance(left, (list, Mapping)) or isinstance(right, (list, Mapping)):
        return left is right
    if type(left) is type(right):
        return bool(left == right)
    return _number(left) == _number(right)


def _number(value: Any) -> float:
    if value is None or isinstance(value, bool):
        return float(value or 0)
    try:
        return float(value) if str(value).strip() else 0.0
    except (TypeError, ValueError):
        return math.nan


def _has(value: Any, key: Any) -> bool:
    return isinstance(value, Mapping) and key in value


def _part(value: Any, key: Any) -> Any:
    """A property or an item; null where there is none, as GitHub has it."""
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, (int, float)) and 0 <= key < len(value):
        return value[int(key)]
    return None


def _each(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []


def contains(where: Any, what: Any) -> bool:
    """Whether a list has a value, or a text has another within it, whatever their case."""
    if isinstance(where, list):
        return any(equal(each, what) for each in where)
    return shown(what).lower() in shown(where).lower()


def _format(text: str, *values: Any) -> str:
    def put(found: re.Match[str]) -> str:
        if found.group() in {"{{", "}}"}:
            return found.group()[0]
        if found.group(1) is None or int(found.group(1)) >= len(values):
            raise ExpressionError(f"format({text!r}, …): what is {found.group()}?")
        return shown(values[int(found.group(1))])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}|[{}]", put, text)


def _from_json(text: Any) -> Any:
    try:
        return json.loads(shown(text))
    except ValueError as error:
        raise ExpressionError(f"fromJSON: {error}: {text!r}") from None


GITHUB = Language(
    {
        "contains": contains,
        "startsWith": lambda text, begin: shown(text).lower().startswith(shown(begin).lower()),
        "endsWith": lambda text, end: shown(text).lower().endswith(shown(end).lower()),
        "format": _format,
        "join": lambda values, between=",": between.join(shown(each) for each in _each(values)),
        "toJSON": lambda value: json.dumps(value, indent=2),
        "fromJSON": _from_json,
    },
    {
        "success": lambda status: status == "success",
        "failure": lambda status: status == "failure",
        "cancelled": lambda status: status == "cancelled",
        "always": lambda _: True,
    },
)
