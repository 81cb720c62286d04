"""Where a value stands in the text of a stack file, and how it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_ops.credential import hidden

SHOWN = 60
"""Characters of a value that are shown."""
CIPHER = re.compile(r"(\bsecure['\"]?\s*:\s*)[^\s,}]+")
"""What the engine has encrypted, where it is shown as part of something else."""
Shape = Literal["block", "flow", "alias"]
"""How a value is written: on lines of its own, in brackets or braces, or as a `*name` of what stands elsewhere."""


@dataclass(frozen=True)
class Place:
    """Where a value stands: the line of its key (from 1), and its text as written."""

    line: int
    text: str
    last: int = field(default=0, compare=False)
    """The last line of the value."""
    shape: Shape = field(default="block", compare=False)
    index: int = field(default=0, compare=False)
    """How far into the file its key stands: what two models merge or alias is at one place."""
    anchor: str = field(default="", compare=False)
    """The name of an anchor in the value that is repeated elsewhere: without it the file could not be read."""

    @property
    def lines(self) -> str:
        """Say at which lines key and value are."""
        return f"lines {self.line} to {self.last}" if self.last > self.line else f"line {self.line}"


def find(source: str, key: Node, value: Node) -> Place:
    """Find the place of a key with its value, or of an item of a list, which is its own key."""
    shape = _shape(key, value)
    return Place(
        line=key.start_mark.line + 1,
        text=shown(source, value),
        last=_last_line(key, value) + 1,
        shape=shape,
        index=key.start_mark.index,
        anchor="" if shape == "alias" else _repeated_anchor(source, value),
    )


def shown(source: str, node: Node) -> str:
    """Give a node's text as it is written, on one line and cut short, without what is encrypted or looks secret."""
    start = node.start_mark.index
    text = source[start : min(node.end_mark.index, start + 10 * SHOWN)]
    short = " ".join(hidden(CIPHER.sub(r"\1…", text)).split())
    return short if len(short) <= SHOWN else f"{short[:SHOWN]}…"


def _shape(key: Node, value: Node) -> Shape:
    if value.start_mark.index < key.start_mark.index:
        return "alias"  # what an alias stands for is always further up
    return "flow" if isinstance(value, MappingNode | SequenceNode) and value.flow_style else "block"


def _last_line(key: Node, value: Node) -> int:
    """The last line (from 0) of a value; the mark at the end of a block stands behind the comments that follow."""
    while isinstance(value, MappingNode | SequenceNode) and value.value and _shape(key, value) == "block":
        last = value.value[-1]
        key, value = last if isinstance(value, MappingNode) else (last, last)
    start, end = value.start_mark, value.end_mark
    if _shape(key, value) == "alias" or start.index == end.index:
        return int(key.start_mark.line)
    return int(end.line) - int(end.column == 0 and end.line > start.line)


def _repeated_anchor(source: str, value: Node) -> str:
    """The first anchor in a value that an alias outside of it repeats; empty where there is none."""
    outside = f"{source[: value.start_mark.index]} {source[value.end_mark.index :]}" if "*" in source else ""
    names = _anchors(value) if "*" in outside else ()
    return next((name for name in names if re.search(rf"\*{re.escape(name)}(?![^\s,\]}}])", outside)), "")


def _anchors(node: Node) -> Iterator[str]:
    if node.anchor:
        yield str(node.anchor)
    inside = chain.from_iterable(node.value) if isinstance(node, MappingNode) else node.value
    for child in () if isinstance(node, ScalarNode) else inside:
        if child.start_mark.index >= node.start_mark.index:
            yield from _anchors(child)
