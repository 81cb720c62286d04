"""Words a mistake at a setting, and the mends that write, add or remove there: what rules about several use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.settings.defaults import DEFAULTS, source
from infra.settings.location import Location, dotted, in_file
from infra.settings.mend import Add, Mend, Remove, Write
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile


@dataclass(frozen=True)
class Finder:
    """Looks at the settings of one file; a location is one of a setting, without `config` and namespace."""

    file: StackFile

    def source(self, location: Location) -> Location:
        """Where a setting of a model is written, or would be: there, or in the defaults."""
        for whole in (location, location[:-1]):
            where = source(self.file, in_file(whole))
            if where[: len(DEFAULTS)] == DEFAULTS:
                return ("defaults", *where[len(DEFAULTS) :], *location[len(whole) :])
            if where in self.file.places:
                break
        return location

    def set(self, location: Location, value: str) -> Mend:
        """Write a value, whether its key is there or not."""
        if location[-1] in self.file.keys(in_file(location[:-1])):
            return self.write(location, value, f"write `{location[-1]}: {value}`")
        return self.add(location, value)

    def write(self, location: Location, value: str, words: str) -> Write:
        """Write another value at a key that is there; `words` say it."""
        where = in_file(location)
        return Write(location=where, place=self.file.place(where), value=value, words=words)

    def add(self, location: Location, value: str, words: str = "") -> Add:
        """Add a key to a mapping that is there."""
        where = in_file(location)
        return Add(location=where, place=self.file.place(where[:-1]), value=value, words=words)

    def remove(self, location: Location) -> Remove:
        """Take away a key, or an item of a list."""
        where = in_file(location)
        return Remove(location=where, place=self.file.place(where))

    def repeated(self, location: Location, items: Iterable[Any]) -> Iterator[Mistake]:
        """Find what a list names more than once, whatever its case."""
        once = {str(item).casefold(): item for item in reversed([*items])}
        for item, count in Counter(str(item).casefold() for item in items).items():
            if count > 1:
                value = f"[{', '.join(map(str, reversed(once.values())))}]"
                mend = self.write(location, value, f"write `{item}` once")
                yield self.at(location, f"`{item}`, {count} times", "each of them once", mend)

    def at(self, location: Location, found: str, allowed: str, mend: Mend) -> Mistake:
        """Word the mistake at a location."""
        where = in_file(location)
        return Mistake(line=self.file.place(where).line, key=dotted(where), found=found, allowed=allowed, mend=mend)
