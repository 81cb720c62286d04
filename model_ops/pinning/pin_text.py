"""Reads and writes the pin in a stack file's text: the one value that a rollback changes, all else kept to the byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_ops.errors import PinError

KEY = "servedVersion"
MODELS = ("config", "rollpin:models")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
PIN = re.compile(r"[1-9][0-9]{0,17}")
"""More digits are no version, and past 4,300 Python refuses to read them."""
Leaf = tuple[tuple[str, ...], str, str]  # where a value stands, its tag and its text


def pinned(text: str, model: str) -> int | None:
    """Read the version that `text` pins of `model`; None where the model, or its pin, is absent.

    Raises PinError where the text cannot be read, or pins something that is no whole number from 1.
    """
    settings: Node | None = _compose(text)
    for name in (*MODELS, model):
        settings = _entry(settings, name)[1]
    key, pin = _entry(settings, KEY)
    if key is None or pin is None:
        return None
    plain = isinstance(pin, ScalarNode) and str(pin.tag).endswith(":int") and PIN.fullmatch(str(pin.value))
    if not plain:
        line = key.start_mark.line + 1
        raise PinError(f"{KEY} of {model} at line {line} is no plain whole number from 1: write it as in `{KEY}: 7`.")
    return int(pin.value)


def with_pin(text: str, model: str, version: int) -> str:
    """Give the text with `version` of `model` pinned in it and nothing else changed; raises PinError where it cannot.

    A model that has no pin yet gets one after its schema.
    """
    if version < 1:
        raise PinError(f"{version} is not a version: a pin is a whole number from 1.")
    before = _compose(text)
    edited = _edited(text, _settings(before, model), version)
    wanted = ((*MODELS, model, KEY), "tag:yaml.org,2002:int", str(version))
    if not _differs_only_in(wanted, before, _compose(edited)):
        raise PinError(f"{KEY} of {model} cannot be changed alone (an alias?): write it as a plain number.")
    return edited


def _compose(text: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]  # ruamel does not say what
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise PinError(
            f"no config with `rollpin:models` can be read, or written with a pin{where}: {reason}. Mend that line."
        ) from None


def _settings(root: Node | None, model: str) -> MappingNode:
    models = _entry(_entry(root, MODELS[0])[1], MODELS[1])[1]
    if not isinstance(models, MappingNode):
        raise PinError("no config with `rollpin:models` can be read from it. See the README.")
    settings = _entry(models, model)[1]
    if settings is None:
        raise PinError(f"there is no model {model}. There is: {', '.join(str(key.value) for key, _ in models.value)}.")
    if not isinstance(settings, MappingNode) or _entry(settings, "schema")[1] is None:
        raise PinError(f"model {model} has no settings with a schema of its own. See the README.")
    return settings


def _entry(node: Node | None, name: str) -> tuple[Node, Node] | tuple[None, None]:
    found = [pair for pair in node.value if pair[0].value == name] if isinstance(node, MappingNode) else []
    if len(found) > 1:
        raise PinError(f"{name} stands twice, at line {found[1][0].start_mark.line + 1} again.")
    return found[0] if found else (None, None)


def _edited(text: str, settings: MappingNode, version: int) -> str:
    key, old = _entry(settings, KEY)
    if key is None or old is None:
        return _inserted(text, settings, version)
    start, end = old.start_mark.index, old.end_mark.index
    if not isinstance(old, ScalarNode) or LINE_BREAK.search(text, start, end):
        raise PinError(f"{KEY} at line {old.start_mark.line + 1} is no value on one line: write a number there.")
    if start == end and (colon := re.compile(r"[ \t]*:").match(text, key.end_mark.index)):
        start = end = colon.end()  # the mark of an empty value stands behind its comment
    gap = " " if text[start - 1] == ":" else ""
    return f"{text[:start]}{gap}{version}{text[end:]}"


def _inserted(text: str, settings: MappingNode, version: int) -> str:
    """Add the pin behind the schema's value, or below its line (and comment) where each setting has its own."""
    schema = next(pair for pair in settings.value if pair[0].value == "schema")
    written = text[: max(node.end_mark.index for node in schema)].rstrip()
    if settings.flow_style:
        return f"{written}, {KEY}: {version}{text[len(written) :]}"
    line = f"{' ' * schema[0].start_mark.column}{KEY}: {version}"
    if here := LINE_BREAK.search(text, len(written)):
        return f"{text[: here.end()]}{line}{here.group()}{text[here.end() :]}"
    known = LINE_BREAK.search(text)  # the last line has no end, and keeps none
    return f"{text}{known.group() if known else os.linesep}{line}"


def _differs_only_in(wanted: Leaf, before: Node | None, after: Node | None) -> bool:
    kept, found = [leaf for leaf in _leaves(before) if leaf[0] != wanted[0]], list(_leaves(after))
    return found.count(wanted) == 1 and [leaf for leaf in found if leaf != wanted] == kept


def _leaves(node: Node | None, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    yield path, str(node and node.tag), str(node.value) if isinstance(node, ScalarNode) else ""
    if isinstance(node, MappingNode):
        for key, child in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else str([*_leaves(key)])
            yield from _leaves(child, (*path, name))
    elif isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield from _leaves(child, (*path, str(index)))
