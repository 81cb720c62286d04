"""Cuts the values of environment variables out of what others wrote: a log may hold what its process was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("environment_vars", "environmentVars")
"""What the REST API and the provider call the variables of a served entity."""
REFERENCE = re.compile(r"\{\{\s*secrets/")
"""How a reference to a secret begins, as the workspace or anybody may have written it."""
CUT = "(not shown)"
SHORT = 4
"""A shorter value is cut only where it stands alone, for it is part of many words."""


@dataclass(frozen=True)
class HiddenValues:
    """The values that are known, and whether there are others, which a secret scope keeps."""

    known: frozenset[str]
    unknown: bool

    @classmethod
    def of(cls, *bodies: Any) -> HiddenValues:
        """Take them from whatever holds served entities: an endpoint, or what a resource was made from."""
        values = {value for body in bodies for value in _values(body)}
        references = {value for value in values if REFERENCE.search(value)}
        return cls(frozenset(values - references), bool(references))

    def cut(self, words: str) -> str:
        """Give the words without any of the known values, whole or a line of one."""
        for value in sorted(_with_lines(self.known), key=len, reverse=True):
            pattern = re.escape(value)
            words = re.sub(pattern if len(value) >= SHORT else rf"(?<!\w){pattern}(?!\w)", CUT, words)
        return words


def _with_lines(values: Iterable[str]) -> set[str]:
    lines = {line.strip() for value in values for line in value.splitlines()}
    return {each for each in {*values, *lines} if each.strip()}


def _values(body: Any) -> Iterator[str]:
    if isinstance(body, Mapping):
        for key, each in body.items():
            if key in NAMES and isinstance(each, Mapping):
                yield from (str(value) for value in each.values())
            else:
                yield from _values(each)
    elif isinstance(body, list | tuple):
        for each in body:
            yield from _values(each)
