"""Does to a stack file's text what the words of a mend say: by the names and the lines in them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from infra.settings import stack_yaml
from infra.settings.mend import Add, Command, Either, Join, Mend, Move, Remove, Rename, Write

Entry = tuple[MappingNode | SequenceNode, Node, Node]


def ways(mend: Mend) -> Iterator[Remove | Rename | Write | Add | Move | Join | Command]:
    """Each way to mend it that is no mere words."""
    if isinstance(mend, Either):
        yield from ways(mend.first)
        yield from ways(mend.second)
    elif not isinstance(mend, str):
        yield mend


def applied(text: str, mend: Remove | Rename | Write | Add | Move | Join | Command) -> str:
    """The text after one way to mend it."""
    if isinstance(mend, Command):
        return _removed(text, _at(text, mend.location))
    if isinstance(mend, Add):
        return _added(text, mend)
    within, key, value = next(each for each in _entries(stack_yaml.compose(text)) if _is(each, mend))
    if isinstance(mend, Remove):
        return _removed(text, (within, key, value))
    if isinstance(mend, Rename):
        return _spliced(text, key.start_mark.index, key.end_mark.index, mend.to)
    if isinstance(mend, Write):
        return _written(text, key, value, mend.value)
    return _moved(text, mend, within, key, value)


def _is(entry: Entry, mend: Remove | Rename | Write | Move | Join) -> bool:
    within, key, _ = entry
    named = isinstance(within, SequenceNode) or stack_yaml.name(key) == mend.location[-1]
    return named and (key.start_mark.line + 1, key.start_mark.index) == (mend.place.line, mend.place.index)


def _entries(node: Node | None) -> Iterator[Entry]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield node, key, value
            if value.start_mark.index > key.start_mark.index:
                yield from _entries(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            if item.start_mark.index >= node.start_mark.index:
                yield node, item, item
                yield from _entries(item)


def _at(text: str, location: tuple[str | int, ...]) -> Entry:
    node = stack_yaml.compose(text)
    for step in location:
        if isinstance(node, SequenceNode):
            within, key, node = node, node.value[step], node.value[step]
        else:
            within, (key, node) = node, next(pair for pair in node.value if stack_yaml.name(pair[0]) == step)
    return within, key, node


def _removed(text: str, entry: Entry) -> str:
    within, key, value = entry
    if not within.flow_style:
        return _without_lines(text, key.start_mark.line, _last(key, value))
    end = value.end_mark.index if value.start_mark.index > key.start_mark.index else text.index(",", key.end_mark.index)
    before, after = text[: key.start_mark.index].rstrip(" "), text[end:].lstrip(" ")
    if after.startswith(","):
        return f"{before} {after[1:].lstrip()}" if before.endswith(",") else before + after[1:].lstrip()
    return before.removesuffix(",") + after


def _last(key: Node, value: Node) -> int:
    """The last line of an entry: before the one in which the next begins."""
    end = value.end_mark
    if end.line == key.start_mark.line or value.start_mark.index < key.start_mark.index:
        return int(key.start_mark.line)
    block = isinstance(value, MappingNode | SequenceNode) and not value.flow_style
    return int(end.line) - (block or end.column == 0)


def _without_lines(text: str, first: int, last: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:first] + lines[last + 1 :])


def _written(text: str, key: Node, value: Node, new: str) -> str:
    start, end = value.start_mark.index, value.end_mark.index
    if start == end:
        start = end = text.index(":", key.end_mark.index) + 1
        new = f" {new}"
    elif isinstance(value, MappingNode | SequenceNode) and not value.flow_style:
        lines = text.splitlines(keepends=True)
        start, end, new = key.end_mark.index, sum(map(len, lines[: _last(key, value) + 1])), f": {new}\n"
    return _spliced(text, start, end, new)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _added(text: str, mend: Add) -> str:
    line = f"{mend.location[-1]}: {mend.value}"
    (value,) = (
        value
        for _, key, value in _entries(stack_yaml.compose(text))
        if stack_yaml.name(key) == mend.location[-2] and key.start_mark.line + 1 == mend.place.line
    )
    if value.flow_style:
        start = value.start_mark.index + 1
        return _spliced(text, start, start, f"{line}, " if value.value else line)
    lines = text.splitlines(keepends=True)
    indent = " " * value.value[0][0].start_mark.column
    return "".join([*lines[: mend.place.line], f"{indent}{line}\n", *lines[mend.place.line :]])


def _moved(text: str, mend: Move | Join, within: Node, key: Node, value: Node) -> str:
    lines = text.splitlines(keepends=True)
    first, last = mend.place.line, mend.place.last
    block, rest = lines[first - 1 : last], lines[: first - 1] + lines[last:]
    if isinstance(mend, Move):
        block = [f"  {line}" for line in "".join(block).replace(str(mend.location[-1]), mend.to, 1).splitlines(True)]
        target = next(number for number, line in enumerate(rest) if line.startswith("config:"))
    else:
        block, target = block[1:], mend.first.line - 1
    return "".join(rest[: target + 1] + block + rest[target + 1 :])
