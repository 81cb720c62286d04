"""Adds an entry to a stack file's text, and keeps all else in it to the byte."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from model_ops.errors import PinError
from model_ops.pinning import stack_yaml

MODELS = ("config", "rollpin:models")
TAGS = "rollpin:tags"
DEFAULTS = "rollpin:defaults"
LINE_BREAK = re.compile(r"\r\n|\n|\r")
WIDE = 4096
"""Columns, so that no line is folded."""


def settings(text: str) -> Mapping[str, Any]:
    """Read what stands below `config`; raises PinError where the text is no stack file."""
    try:
        stack_yaml.compose(text)  # which is bounded
        config = (YAML(typ="safe", pure=True).load(text) or {}).get("config")
    except (stack_yaml.UnreadableError, YAMLError, AttributeError) as error:
        raise PinError(f"it cannot be read: {str(error).partition(chr(10))[0]}. Mend that first.") from None
    if not isinstance(config, dict):
        raise PinError("there is no `config:` in it. See docs/settings.md.")
    return config


def with_entry(text: str, name: str, entry: Mapping[str, Any]) -> str:
    """Give the text with one more entry of `rollpin:models`; raises PinError where it cannot be added alone."""
    before = settings(text)
    models = before.get(MODELS[1]) or {}
    edited = _edited(text, name, entry)
    try:
        alone = settings(edited) == {**before, MODELS[1]: {**models, name: dict(entry)}}
    except PinError:
        alone = False
    if not alone:
        raise PinError(f"{MODELS[1]} is written so that no entry can be added alone: write {name} into it by hand.")
    return edited


def written(name: str, entry: Mapping[str, Any], *, flow: bool = False) -> str:
    """Write an entry as a person would: a line for each of its settings, or all of it in one with `flow`."""
    inner = CommentedMap({key: _flowing(value) for key, value in entry.items()})
    whole = CommentedMap({name: inner})
    if flow:
        whole.fa.set_flow_style()
        inner.fa.set_flow_style()
    yaml, stream = YAML(), io.StringIO()
    yaml.width = WIDE
    yaml.dump(whole, stream)
    return stream.getvalue().strip()


def _flowing(value: Any) -> Any:
    if not isinstance(value, dict | list):
        return value
    made: CommentedMap | CommentedSeq = CommentedSeq(value)
    if isinstance(value, dict):
        made = CommentedMap({key: _flowing(each) for key, each in value.items()})
    made.fa.set_flow_style()
    return made


def _edited(text: str, name: str, entry: Mapping[str, Any]) -> str:
    key, models = _models(text)
    filled = isinstance(models, MappingNode) and bool(models.value)
    if filled and models.flow_style:
        head = text[: models.end_mark.index].rstrip()[:-1].rstrip()
        return f"{head}, {written(name, entry, flow=True)[1:-1]}{text[len(head) :]}"
    if filled:
        indent, head = models.value[0][0].start_mark.column, text[: models.end_mark.index].rstrip()
        tail = text[len(head) :].lstrip(" \t")
    else:  # nothing yet, or an empty mapping: below the line that says so, and without it
        indent = key.start_mark.column + 2
        colon = text.index(":", key.end_mark.index) + 1
        rest = text[models.end_mark.index if isinstance(models, MappingNode) else colon :]
        end = LINE_BREAK.search(rest)
        same_line, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
        head = f"{text[:colon]}{same_line}".rstrip()
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    lines = "".join(f"{end_of_line}{' ' * indent}{line}" for line in written(name, entry).splitlines())
    return f"{head}{lines}{tail}"


def _models(text: str) -> tuple[Node, Any]:
    node: Any = stack_yaml.compose(text)
    found: tuple[Node, Any] | None = None
    for name in MODELS:
        pairs = node.value if isinstance(node, MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == name), None)
        node = found[1] if found else None
    if found is None:
        raise PinError(f"there is no `{MODELS[1]}:` below `config:` in it. Write that line, then run this again.")
    return found
