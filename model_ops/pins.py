"""Writes a pin: the one value of a stack file that a rollback changes, all other text kept to the byte."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_ops.errors import PinError

KEY = "servedVersion"
MODELS = ("config", "rollpin:models")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
Leaf = tuple[tuple[str, ...], str, str]  # where a value stands, its tag and its text


def pin(stack_file: Path, model: str, version: int) -> None:
    """Pin `version` of `model` in `stack_file`, whole or not at all; raises PinError where that cannot be done.

    A model that has no pin yet gets one after its schema; nothing else of the file changes.
    """
    if version < 1:
        raise PinError(f"{version} is not a version: a pin is a whole number from 1.")
    try:
        text = stack_file.read_bytes().decode()
        before = _compose(text)
        edited = _edited(text, _settings(before, model), version)
        wanted = ((*MODELS, model, KEY), "tag:yaml.org,2002:int", str(version))
        if not _differs_only_in(wanted, before, _compose(edited)):
            raise PinError(f"{KEY} of {model} cannot be changed alone (an alias?): write it as a plain number.")
    except (PinError, OSError, UnicodeDecodeError, RecursionError) as error:
        raise PinError(f"{stack_file}: {error}") from None
    _replace(stack_file, edited)


def _compose(text: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]  # ruamel does not say what
    except YAMLError as error:
        reason = str(error).partition("\n")[0]
        raise PinError(f"no config with `rollpin:models` can be read, or written with a pin ({reason}).") from None


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


def _replace(path: Path, text: str) -> None:
    """Write the file beside itself and rename it, so that a reader or a crash sees the old one or the new one."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(path.stat().st_mode & 0o777)
    Path(draft).replace(path)
