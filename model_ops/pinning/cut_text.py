"""Takes one setting of a model out of a stack file's text, all else kept to the byte."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from model_ops.errors import PinError
from model_ops.pinning.setting_text import LINE_BREAK, MODELS

REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
COMMA = re.compile(r"\s*,[ \t]*")


class StaysError(Exception):
    """A setting that cannot go alone; the message says why."""


def without(text: str, model: str, name: str) -> str:
    """Give the text without a setting of `model`, with what its own lines say of it, and nothing else changed.

    Raises StaysError where it cannot go alone, PinError where it is written as an alias.
    """
    settings = _settings(text, model)
    at = next((at for at, (key, _) in enumerate(settings.value) if key.value == name), None)
    if at is None:
        raise StaysError("it comes from a merge key")
    edited = _cut(text, settings, at)
    if loaded(edited) != _less(loaded(text), model, name):
        raise StaysError("something else in the file refers to it")
    return edited


def loaded(text: str) -> Any:
    """What a stack file's text holds; None where it cannot be read."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None


def _cut(text: str, settings: MappingNode, at: int) -> str:
    key, value = settings.value[at]
    start, end = key.start_mark.index, _end(key, value)
    if settings.flow_style:
        if comma := COMMA.match(text, end):
            end = comma.end()
        elif at and not LINE_BREAK.search(text, before := _end(*settings.value[at - 1]), start):
            start = before
    return _joined(text, start, end)


def _joined(text: str, start: int, end: int) -> str:
    """Take a piece out; the line goes too where nothing but a comment stands beside it."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    rest = REST_OF_LINE.match(text, end)
    if text[line:start].strip() or rest is None:
        return text[:start] + text[end:]
    return text[:line] + text[rest.end() :]


def _end(key: Node, value: Node) -> int:
    """Where an entry ends: a block's own mark stands behind the comments below it, an alias' where it was defined."""
    if value.start_mark.index < key.end_mark.index:
        raise PinError(
            f"{key.value} at line {key.start_mark.line + 1} is written as an alias: remove it, then pin anew."
        )
    if isinstance(value, MappingNode) and not value.flow_style and value.value:
        return _end(*value.value[-1])
    return int(value.end_mark.index)


def _settings(text: str, model: str) -> MappingNode:
    node: Any = YAML(typ="safe", pure=True).compose(text)
    for name in (*MODELS, model):
        node = next((value for key, value in node.value if key.value == name), None)
        if not isinstance(node, MappingNode):
            raise StaysError(f"{name} is no mapping of its own")
    settings: MappingNode = node
    return settings


def _less(found: Any, model: str, name: str) -> Any:
    models = found[MODELS[0]][MODELS[1]]
    settings = {key: value for key, value in models[model].items() if key != name}
    config = {**found[MODELS[0]], MODELS[1]: {**models, model: settings}}
    return {**found, MODELS[0]: config}
