"""Reads the YAML of a stack file into nodes: within bounds, and with anchors and merge keys as the engine has them.

`infra` and `model_ops` read the same files and import nothing of each other, so this module stands in both, byte for
byte; a test holds that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES = 256 * 1024
"""A model's settings are some 400 bytes: this is a stack of six hundred."""
MOST_LEVELS = 20
"""Settings are at most seven levels deep; what composes nodes takes time by the square of the depth."""
MOST_VALUES = 10_000
"""Keys and values, each as often as aliases repeat it: five thousand keys are two hundred models with all there is."""
MERGE = "<<"
_EVENTS = getattr(yaml, "CLoader", yaml.Loader)  # without libyaml slower, and no less bounded: events come one by one


class UnreadableError(Exception):
    """A text that is no YAML, or is past a bound; `line` (from 1) is None where it is none's."""

    def __init__(self, found: str, line: int | None = None, *, bound: str | None = None) -> None:
        super().__init__(found)
        self.found, self.line, self.bound = found, line, bound


def read_bytes(path: Path) -> bytes:
    """Give what a file holds; raises UnreadableError where that is too much, and then read no more; OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"more than {MOST_BYTES} bytes", bound=f"at most {MOST_BYTES} bytes")
    return content


def compose(text: str) -> Node | None:
    """Compose the one document of `text`, None where it is empty; raises UnreadableError."""
    _Count().confirm(text)
    reader = YAML(typ="safe", pure=True)
    reader.composer.warn_double_anchors = False  # the engine takes the later one, and says nothing of it
    try:
        return reader.compose(text)  # type: ignore[no-any-return]  # ruamel does not say what
    except MarkedYAMLError as error:
        mark = _place(error)
        said = " ".join(each for each in (error.context, error.problem) if each)
        raise UnreadableError(said or "no YAML", mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError) as error:  # ValueError: what a directive says of the version
        raise UnreadableError((str(error).splitlines() or ["no YAML"])[0]) from None


def pairs(mapping: MappingNode) -> Iterator[tuple[Node, Node]]:
    """Give the keys and values that a mapping has in the engine, each once: its own first, then those it merges.

    Of several mappings that are merged, the earlier goes before the later. A key that stands twice counts once.
    """
    return _pairs(mapping, {}, ())


def merged(value: Node) -> Sequence[MappingNode] | None:
    """Give what the value of a merge key brings, the stronger first; None where that is no mapping and no list of such.

    The engine refuses the latter.
    """
    each = value.value if isinstance(value, SequenceNode) else [value]
    sources = [source for source in each if isinstance(source, MappingNode)]
    return sources if len(sources) == len(each) else None


def name(key: Node) -> str | None:
    """Give a key's text; None where the key is no scalar."""
    return str(key.value) if isinstance(key, ScalarNode) else None


def _place(error: MarkedYAMLError | yaml.MarkedYAMLError) -> Any:
    """Where it is wrong: of a key without its colon where that begins, which is often a line above."""
    of_key = "simple key" in str(error.context or "")
    return (error.context_mark if of_key else error.problem_mark) or error.context_mark


def _pairs(mapping: MappingNode, seen: dict[str, None], within: tuple[Node, ...]) -> Iterator[tuple[Node, Node]]:
    if any(mapping is outer for outer in within):
        return
    merging: list[MappingNode] = []
    for key, value in mapping.value:
        if name(key) == MERGE:
            merging += merged(value) or []
        elif (text := name(key)) is None:
            yield key, value
        elif text not in seen:
            seen[text] = None
            yield key, value
    for source in merging:
        yield from _pairs(source, seen, (*within, mapping))


class _Count:
    """Counts the levels and values of a text by its events, aliases by what they repeat, before anything composes."""

    def __init__(self) -> None:
        self._open: list[list[int]] = []  # of each collection that is open: the levels and the values in it, so far
        self._known: dict[str, tuple[int, int]] = {}
        self._names: list[str | None] = []
        self._values = 0

    def confirm(self, text: str) -> None:
        """Raise UnreadableError where the text is no YAML, or past a bound."""
        if len(text) > MOST_BYTES:
            raise UnreadableError(f"more than {MOST_BYTES} characters", bound=f"at most {MOST_BYTES} characters")
        try:
            for event in yaml.parse(text, Loader=_EVENTS):
                self._take(event)
                self._refuse_past_bounds(event)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise UnreadableError(str(error).splitlines()[0], line) from None
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise UnreadableError(f"unacceptable character #x{ord(text[error.start]):04x}", line) from None
        except yaml.MarkedYAMLError as error:
            mark = _place(error)
            said = " ".join(each for each in (error.context, error.problem) if each)
            raise UnreadableError(said or "no YAML", mark.line + 1 if mark else None) from None
        except yaml.YAMLError as error:
            raise UnreadableError((str(error).splitlines() or ["no YAML"])[0]) from None

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            self._values += 1
            self._open.append([0, 1])
            self._names.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            levels, values = self._open.pop()
            self._hold(self._names.pop(), levels + 1, values)
        elif isinstance(event, yaml.AliasEvent):
            levels, values = self._known.get(str(event.anchor), (0, 1))
            self._values += values
            self._hold(None, levels, values)
        elif isinstance(event, yaml.ScalarEvent):
            self._values += 1
            self._hold(event.anchor, 0, 1)

    def _hold(self, anchor: str | None, levels: int, values: int) -> None:
        if anchor is not None:
            self._known[anchor] = levels, values
        if self._open:
            outer = self._open[-1]
            outer[:] = [max(outer[0], levels), outer[1] + values]

    def _refuse_past_bounds(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else None
        if len(self._open) + (self._open[-1][0] if self._open else 0) > MOST_LEVELS:
            bound = f"at most {MOST_LEVELS} levels of mappings and lists"
            raise UnreadableError("values in values, too deep to read", line, bound=bound)
        if self._values > MOST_VALUES:
            bound = f"at most {MOST_VALUES} keys and values, each counted as often as aliases repeat it"
            raise UnreadableError("more keys and values than are read", line, bound=bound)
