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

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from infra.settings import place, stack_yaml
from infra.settings.location import Location, dotted
from infra.settings.mend import Either, Join, Mend, Remove
from infra.settings.mistake import Mistake, refuse
from infra.settings.place import Place

PLAIN_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
MOST_DIGITS = 18
"""More are no number that any setting takes, and past 4,300 Python refuses to read them."""


@dataclass(frozen=True)
class Odd:
    """A value that no setting takes: a float, `007`, a date, nothing at all; kept as it was written."""

    text: str


@dataclass(frozen=True)
class Secret(Odd):
    """A value that the engine has encrypted; its text is not kept."""

    text: str = "a secret"


@dataclass(frozen=True)
class StackFile:
    """A stack file's values, where each stands, and what is wrong with the way it is written."""

    path: Path
    values: Mapping[str, Any]
    places: Mapping[Location, Place]
    mistakes: tuple[Mistake, ...]
    secrets: tuple[Location, ...] = ()
    """Where the file holds what the engine has encrypted, below `config`."""

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

    def keys(self, location: Location) -> tuple[str, ...]:
        """The keys of the mapping at a location, merged ones too; none where there is no mapping."""
        value: Any = self.values
        for key in location:
            value = value.get(key) if isinstance(value, dict) else None
        return tuple(value) if isinstance(value, dict) else ()


def read(path: Path) -> StackFile:
    """Read a stack file; raises SettingsError where it cannot be read, is past a bound or is no YAML mapping."""
    text, root = compose(path)
    reader = _Reader(text)
    values = reader.mapping(root, ())
    return StackFile(path, values, reader.places, tuple(reader.mistakes), tuple(reader.secrets))


def compose(path: Path) -> tuple[str, MappingNode]:
    """Give a stack file's text and the node of its mapping; raises SettingsError as `read` does."""
    try:
        text = stack_yaml.read_bytes(path).decode()
        root = stack_yaml.compose(text)
    except stack_yaml.UnreadableError as error:
        raise refuse(path, [_unreadable(path, error)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(path, [_unread(path, error)]) from None
    if not isinstance(root, MappingNode):
        raise refuse(path, [_no_config(root)])
    return text, root


def _unread(path: Path, error: OSError | UnicodeDecodeError) -> Mistake:
    if isinstance(error, FileNotFoundError):
        known = sorted(other.name for other in path.parent.glob("Pulumi.*.yaml"))
        found, allowed = "no such file", f"one of the stacks of this project: {', '.join(known) or 'there is none yet'}"
        mend = f"write {path.name} in {path.parent}, or name another stack: pulumi stack select"
    elif isinstance(error, UnicodeDecodeError):
        found, allowed = f"a byte at offset {error.start} that is no UTF-8", "UTF-8 text"
        mend = "save the file as UTF-8"
    else:
        found, allowed = (error.strerror or type(error).__name__).lower(), "a file that you may read"
        mend = f"see what stands in its place, and who may read it: ls -ld {path}"
    return Mistake(line=0, key="the file", found=found, allowed=allowed, mend=mend)


def _unreadable(path: Path, error: stack_yaml.UnreadableError) -> Mistake:
    where = f" at line {error.line}, or just above it" if error.line else ""
    allowed = error.bound or "one YAML document: `key: value` lines, indented by spaces"
    mend = f"mend the syntax{where}, or see what has changed since it parsed: git diff {path.name}"
    if error.bound:
        mend = "write the settings as the README's example has them; see what grew: git diff " + path.name
    return Mistake(line=error.line or 0, key="the file", found=error.found, allowed=allowed, mend=mend)


def _no_config(root: Node | None) -> Mistake:
    found = "nothing" if root is None else "a value that is no mapping"
    mend = "write the stack's settings below a line `config:`; the README has an example"
    return Mistake(line=1, key="the file", found=found, allowed="a mapping with the key `config`", mend=mend)


@dataclass
class _Reader:
    """Walks the nodes of one file; the bounds that they were composed in bound the walk."""

    source: str
    places: dict[Location, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    secrets: list[Location] = field(default_factory=list)
    open: list[Node] = field(default_factory=list)
    checked: list[Node] = field(default_factory=list)

    def mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        self._check_keys(node, location)
        values: dict[str, Any] = {}
        for key, child in stack_yaml.pairs(node):
            name = self._name(key)
            self.places[(*location, name)] = self._place(key, child)
            values[name] = self._value(child, (*location, name))
        return values

    def _value(self, node: Node, location: Location) -> Any:
        if any(node is outer for outer in self.open):
            return Odd(self._slice(node))
        self.open.append(node)
        try:
            if location[:1] == ("config",) and _is_secret(node):
                self.secrets.append(location)
                return Secret()
            if isinstance(node, MappingNode):
                return self.mapping(node, location)
            if isinstance(node, SequenceNode):
                return tuple(self._items(node, location))
            return _scalar(node, self._slice(node)) if isinstance(node, ScalarNode) else Odd(self._slice(node))
        finally:
            self.open.pop()

    def _items(self, node: SequenceNode, location: Location) -> Iterator[Any]:
        for index, child in enumerate(node.value):
            self.places[(*location, index)] = self._place(child, child)
            yield self._value(child, (*location, index))

    def _place(self, key: Node, value: Node) -> Place:
        return place.find(self.source, key, value)

    def _slice(self, node: Node) -> str:
        return place.shown(self.source, node)

    def _name(self, key: Node) -> str:
        name = stack_yaml.name(key)
        return self._slice(key) if name is None else name

    def _check_keys(self, node: MappingNode, location: Location) -> None:
        """Find the keys that stand twice in one mapping, and what is merged though it is no mapping; once a mapping."""
        if any(node is other for other in self.checked):
            return
        self.checked.append(node)
        seen: dict[str, list[tuple[Node, Node]]] = {}
        for key, value in node.value:
            name = self._name(key)
            before = seen.setdefault(name, [])
            if before:
                self._repeated((*location, name), before, key, value)
            before.append((key, value))
            if name == stack_yaml.MERGE:
                self._merged((*location, name), key, value)

    def _merged(self, location: Location, key: Node, value: Node) -> None:
        sources = stack_yaml.merged(value)
        for source in sources or ():
            self._check_keys(source, location[:-1])
        if sources is None:
            here = self._place(key, value)
            self.mistakes.append(
                Mistake(
                    line=here.line,
                    key=dotted(location),
                    found=f"`{here.text}`" if here.text else "nothing",
                    allowed="a mapping to merge, or a list of mappings, as in `<<: *name`",
                    mend=Remove(location=location, place=here),
                )
            )

    def _repeated(self, location: Location, before: list[tuple[Node, Node]], key: Node, value: Node) -> None:
        first, again = self._place(*before[0]), self._place(key, value)
        mend: Mend = Either(
            first=Remove(location=location, place=again, which=len(before) + 1),
            second=Remove(location=location, place=first, which=1),
        )
        if location[-1] == stack_yaml.MERGE:
            mend = (
                f"write one key `<<` at line {first.line}, with a list of both values, as in `<<: [*one, *other]`, "
                f"and remove the one at line {again.line}"
            )
        elif all(isinstance(each, MappingNode) and each.value for each in (before[0][1], value)):
            mend = Join(location=location, place=again, first=first)
        self.mistakes.append(
            Mistake(
                line=again.line,
                key=dotted(location),
                found=f"a second time; the first is at line {first.line}",
                allowed="each key once",
                mend=mend,
            )
        )


def _is_secret(node: Node) -> bool:
    """Whether a node is Pulumi's form of a value that it has encrypted: a mapping with the one key `secure`."""
    keys = [stack_yaml.name(key) for key, _ in stack_yaml.pairs(node)] if isinstance(node, MappingNode) else []
    return keys == ["secure"]


def _scalar(node: ScalarNode, text: str) -> Any:
    value, tag = str(node.value), str(node.tag)
    if node.style or tag.endswith(":str"):
        return value
    if tag.endswith(":bool"):
        return value.lower() == "true"
    if tag.endswith(":int") and PLAIN_NUMBER.fullmatch(value) and len(value) <= MOST_DIGITS:
        return int(value)
    return Odd(text)
