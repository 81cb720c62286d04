"""What mends a mistake, as data: the words that are shown are made of it, and a test applies it to the file."""

from __future__ import annotations

from dataclasses import dataclass

from infra.settings.location import Location
from infra.settings.place import Place

ORDINALS = ("", "first ", "second ", "third ", "fourth ")


@dataclass(frozen=True, kw_only=True)
class Remove:
    """Takes a key away, with its value."""

    location: Location
    place: Place
    which: int = 0
    """Of several keys of that name, which (from 1)."""

    def __str__(self) -> str:
        which = ORDINALS[self.which] if self.which < len(ORDINALS) else f"{self.which}th "
        anchor = self.place.anchor
        first = f"put what `&{anchor}` marks, with its mark, where `*{anchor}` stands first; then " if anchor else ""
        if isinstance(self.location[-1], int):
            return f"remove the item `{self.location[-2]}[{self.location[-1]}]` of the list, at {self.place.lines}"
        return f"{first}remove the {which}key `{self.location[-1]}` and its value, at {self.place.lines}"


@dataclass(frozen=True, kw_only=True)
class Rename:
    """Gives a key another name; its value stays."""

    location: Location
    place: Place
    to: str

    def __str__(self) -> str:
        return f"at line {self.place.line}, write `{self.to}:` instead of `{self.location[-1]}:`"


@dataclass(frozen=True, kw_only=True)
class Write:
    """Gives a key, or an item of a list, another value; `words` say it where the value is no more than an example."""

    location: Location
    place: Place
    value: str
    words: str = ""

    def __str__(self) -> str:
        instead = f" instead of `{self.place.text}`" if self.place.text else ""
        return f"at {self.place.lines}, {self.words or f'write `{self.value}`{instead}'}"


@dataclass(frozen=True, kw_only=True)
class Add:
    """Adds a key to the mapping at `place`."""

    location: Location
    place: Place
    value: str
    words: str = ""

    def __str__(self) -> str:
        where = {
            "flow": f"inside the braces of `{self.location[-2]}`, at {self.place.lines}",
            "alias": f"where `{self.location[-2]}`, at line {self.place.line}, has its value from by `*`",
        }.get(self.place.shape, f"below line {self.place.line}, indented")
        return f"{where}, add `{self.location[-1]}: {self.value}`{self.words}"


@dataclass(frozen=True, kw_only=True)
class Move:
    """Moves a key with its value from the top of the file to below `config`."""

    location: Location
    place: Place
    to: str

    def __str__(self) -> str:
        named = "" if self.to == self.location[-1] else f", as `{self.to}:`"
        return f"indent the key `{self.location[-1]}` and its value, at {self.place.lines}, below `config:`{named}"


@dataclass(frozen=True, kw_only=True)
class Join:
    """Moves what is below a key that stands again to where it stands first."""

    location: Location
    place: Place
    first: Place

    def __str__(self) -> str:
        name, again = self.location[-1], self.place
        below = f"below the first `{name}`, at line {self.first.line}"
        return f"move what is below `{name}`, at {again.lines}, {below}, and remove the key at line {again.line}"


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that takes a key away."""

    location: Location
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Either:
    """Two ways, either of which mends it."""

    first: Mend
    second: Mend

    def __str__(self) -> str:
        return f"{self.first}; or {self.second}"


Mend = Remove | Rename | Write | Add | Move | Join | Command | Either | str
"""A text is for what a human alone can do."""
