"""What the Azure CLI answers, looked at: a field by its path, one thing among many, what differs from what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NUMBERS = re.compile(r"@\d+(?=[/:])")
"""Those of owner and repository in a subject, by which a name that somebody else takes over is told apart."""
Fields = Mapping[str, Any]
"""Values by the path of their fields: `properties.enablePurgeProtection`."""


@dataclass(frozen=True)
class Difference:
    """A field that is not as it should be."""

    field: str
    found: Any
    expected: Any

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.field} is {_shown(self.found)}, expected: {_shown(self.expected)}"


def field(thing: Any, path: str) -> Any:
    """The value at a path, None where there is none; an empty path is the thing itself."""
    for name in path.split(".") if path else ():
        thing = thing.get(name) if isinstance(thing, Mapping) else None
    return thing


def things(answer: Any, at: str) -> list[Mapping[str, Any]]:
    """The objects of an answer: the list at a path in it, or the one object that it is."""
    found = field(answer, at)
    if isinstance(found, Mapping):
        return [found]
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def is_such(thing: Mapping[str, Any], such: Fields) -> bool:
    """Whether all fields have these values; Azure tells no upper from lower case in names and ids."""
    return all(_alike(field(thing, path), value) for path, value in such.items())


def differences(thing: Mapping[str, Any], expected: Fields) -> tuple[Difference, ...]:
    """What is not as expected, to the letter."""
    return tuple(_differing(thing, expected))


def _differing(thing: Mapping[str, Any], expected: Fields) -> Iterator[Difference]:
    for path, value in expected.items():
        found = field(thing, path)
        if found != value and not _more_exact(found, value):
            yield Difference(path, found, value)


def _more_exact(found: Any, value: Any) -> bool:
    """Whether a subject of GitHub's names the same repository and environment, and its numbers beside."""
    return isinstance(found, str) and found.startswith("repo:") and NUMBERS.sub("", found) == value


def _alike(found: Any, value: Any) -> bool:
    if isinstance(found, str) and isinstance(value, str):
        return found.casefold() == value.casefold()
    return bool(found == value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "none"
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)
