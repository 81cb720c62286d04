"""Reads a stack file as it is written: every key with its line, every value with its text.

Pulumi's config API hides much of it: `7.0`, `007` and `1e1` arrive as 7, 7 and 10, a repeated key once, and a key that
nobody asks for never. So the settings are validated on the YAML itself, one node at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from infra.settings.location import Location, dotted
from infra.settings.mistake import Mistake, refuse

PLAIN_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
MOST_DIGITS = 18
"""More are no number that any setting takes, and past 4,300 Python refuses to read them."""
SHOWN = 60


@dataclass(frozen=True)
class Odd:
    """A value that no setting takes: a float, `007`, a date, nothing at all; kept as it was written."""

    text: str


@dataclass(frozen=True)
class Place:
    """Where a value stands: the line of its key (from 1), and its text as written."""

    line: int
    text: str


@dataclass(frozen=True)
class StackFile:
    """A stack file's values, where each stands, and what is wrong with the way it is written."""

    path: Path
    values: Mapping[str, Any]
    places: Mapping[Location, Place]
    mistakes: tuple[Mistake, ...]

    @property
    def config(self) -> Mapping[str, Any]:
        """The values under `config`, by their whole key; empty where there are none."""
        config = self.values.get("config")
        return config if isinstance(config, dict) else {}

    def place(self, location: Location) -> Place:
        """The place of a value, or of the nearest that holds it."""
        while location not in self.places and location:
            location = location[:-1]
        return self.places.get(location, Place(1, ""))


def read(path: Path) -> StackFile:
    """Read a stack file; raises SettingsError where it cannot be read or is no YAML mapping."""
    text = _text(path)
    reader = _Reader(text)
    try:
        root = _root(path, text)
        if not isinstance(root, MappingNode):
            raise refuse(path, [_no_config(root)])
        values = reader.mapping(root, ())
    except RecursionError:
        raise refuse(path, [_too_deep()]) from None
    return StackFile(path, values, reader.places, tuple(reader.mistakes))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = sorted(other.name for other in path.parent.glob("Pulumi.*.yaml"))
        found, allowed = "no such file", f"one of the stacks of this project: {', '.join(known) or 'there is none yet'}"
        mend = f"write {path.name} in {path.parent}, or name another stack: pulumi stack select"
    except UnicodeDecodeError as error:
        found, allowed = f"a byte at offset {error.start} that is no UTF-8", "UTF-8 text"
        mend = "save the file as UTF-8"
    except OSError as error:
        found, allowed = (error.strerror or type(error).__name__).lower(), "a file that you may read"
        mend = f"see what stands in its place, and who may read it: ls -ld {path}"
    raise refuse(path, [Mistake(line=0, key="the file", found=found, allowed=allowed, mend=mend)])


def _root(path: Path, text: str) -> Node | None:
    try:
        return YAML().compose(text)  # type: ignore[no-any-return]  # ruamel does not say what it returns
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        found = " ".join(filter(None, [error.context, error.problem])) or "no YAML"
    except ReaderError as error:
        line, found = text.count("\n", 0, error.position) + 1, str(error).splitlines()[0]
    except YAMLError as error:
        line, found = None, str(error).splitlines()[0]
    allowed = "one YAML document: `key: value` lines, indented by spaces"
    where = f" at line {line}" if line else ""
    mend = f"mend the syntax{where}, or go back to the last one that parsed: git diff {path.name}"
    raise refuse(path, [Mistake(line=line or 0, key="the file", found=found, allowed=allowed, mend=mend)])


def _too_deep() -> Mistake:
    mend = "write the settings as the README's example has them, at most five levels deep"
    return Mistake(line=0, key="the file", found="values in values, too deep to read", allowed="settings", mend=mend)


def _no_config(root: Node | None) -> Mistake:
    found = "nothing" if root is None else "a value that is no mapping"
    mend = "write the stack's settings below a line `config:`; the README has an example"
    return Mistake(line=1, key="the file", found=found, allowed="a mapping with the key `config`", mend=mend)


@dataclass
class _Reader:
    """Walks the nodes of one file."""

    source: str
    places: dict[Location, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    open: list[Node] = field(default_factory=list)

    def mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in node.value:
            name = key.value if isinstance(key, ScalarNode) else self._slice(key)
            if name in values:
                self._repeated(key, (*location, name))
                continue
            self.places[(*location, name)] = Place(key.start_mark.line + 1, self._slice(child))
            values[name] = self._value(child, (*location, name))
        return values

    def _value(self, node: Node, location: Location) -> Any:
        if any(node is outer for outer in self.open):
            return Odd(self._slice(node))
        self.open.append(node)
        try:
            if isinstance(node, MappingNode):
                return self.mapping(node, location)
            if isinstance(node, SequenceNode):
                return tuple(self._items(node, location))
            return _scalar(node, self._slice(node)) if isinstance(node, ScalarNode) else Odd(self._slice(node))
        finally:
            self.open.pop()

    def _items(self, node: SequenceNode, location: Location) -> Iterator[Any]:
        for index, child in enumerate(node.value):
            self.places[(*location, index)] = Place(child.start_mark.line + 1, self._slice(child))
            yield self._value(child, (*location, index))

    def _slice(self, node: Node) -> str:
        text = self.source[node.start_mark.index : node.end_mark.index].strip()
        short = " ".join(text.split())
        return short if len(short) <= SHOWN else f"{short[:SHOWN]}…"

    def _repeated(self, key: Node, location: Location) -> None:
        line, first = key.start_mark.line + 1, self.places[location].line
        self.mistakes.append(
            Mistake(
                line=line,
                key=dotted(location),
                found=f"a second time; the first is at line {first}",
                allowed="each key once",
                mend=f"remove line {line} or line {first}, whichever is wrong",
            )
        )


def _scalar(node: ScalarNode, text: str) -> Any:
    value, tag = str(node.value), str(node.tag)
    if node.style or tag.endswith(":str"):
        return value
    if tag.endswith(":bool"):
        return value.lower() == "true"
    if tag.endswith(":int") and PLAIN_NUMBER.fullmatch(value) and len(value) <= MOST_DIGITS:
        return int(value)
    return Odd(text)
