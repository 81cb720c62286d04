"""What a rule looks at: one resource as the program wants it, or one step that takes a resource away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the engine writes for a value that is known only after something was made; one for each kind of value."""
ENCRYPTED = "[secret]"
"""What the engine writes for a value that it keeps encrypted."""


@dataclass(frozen=True)
class Untold:
    """What a rule answers where it cannot know: the input that is not told yet, by its path."""

    path: str


Findings = Iterator[str | Untold]
"""What a rule gives of a resource: in words what speaks against it, or what it cannot know; nothing where it holds."""


@dataclass(frozen=True)
class Value:
    """One input, or a part of one, and where it stands. What is not there is None."""

    raw: Any
    path: str = ""

    def at(self, *keys: str) -> Value:
        """The value below some keys; below one that is not told, that one."""
        found = self
        for key in keys:
            if found.is_untold:
                return found
            inside = found.raw.get(key) if isinstance(found.raw, Mapping) else None
            found = Value(inside, f"{found.path}.{key}".lstrip("."))
        return found

    @property
    def items(self) -> Sequence[Value]:
        """The items of a list; none where it is no list."""
        found = self.raw if isinstance(self.raw, Sequence) and not isinstance(self.raw, str) else ()
        return [Value(each, f"{self.path}[{index}]") for index, each in enumerate(found)]

    @property
    def leaves(self) -> Iterator[Value]:
        """Every value inside that has none inside itself."""
        if isinstance(self.raw, Mapping):
            for key in self.raw:
                yield from self.at(str(key)).leaves
        elif self.items:
            for each in self.items:
                yield from each.leaves
        else:
            yield self

    @property
    def is_untold(self) -> bool:
        """Whether it is known only later, or kept encrypted."""
        return isinstance(self.raw, str) and (self.raw in UNKNOWN or self.raw == ENCRYPTED)

    @property
    def text(self) -> str:
        """The value as a text; empty where it is not there."""
        return "" if self.raw is None else str(self.raw)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the program wants it."""

    type: str
    name: str
    inputs: Mapping[str, Any]

    def at(self, *keys: str) -> Value:
        """One of its inputs, by the keys that lead to it."""
        return Value(self.inputs).at(*keys)

    @property
    def kind(self) -> str:
        """Its type without the version that azure-native's may have, as in `azure-native:storage:StorageAccount`."""
        return re.sub(r"/v\d{8}(preview)?(?=:)", "", self.type)


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One step that takes a resource away: it is deleted, or replaced by another one."""

    operation: str
    """`delete` or `replace`."""
    resource: Resource
    """As it was before."""
