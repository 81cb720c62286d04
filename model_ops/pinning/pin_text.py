"""Reads and writes the pin in a stack file's text: the one value that a rollback changes.

All else keeps its value, and its bytes, but for an anchor on the old pin: it moves to where it is first repeated. Merge
keys and aliases mean here what they mean to the engine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_ops.did_you_mean import did_you_mean
from model_ops.errors import PinError
from model_ops.pinning import stack_yaml

KEY = "servedVersion"
MODELS = ("config", "rollpin:models")
DEFAULTS = ("config", "rollpin:defaults")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
PIN = re.compile(r"[1-9][0-9]{0,17}")
"""More digits are no version, and past 4,300 Python refuses to read them."""
NAME = r"(?![^\s,\]}])"
"""The end of an anchor's name, or of an alias."""
Path = tuple[str, ...]
Leaf = tuple[str, str]  # a value's tag and its text


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

    A model that has no pin yet gets one after its schema; where that is in the defaults, before all else.
    """
    if version < 1:
        raise PinError(f"{version} is not a version: a pin is a whole number from 1.")
    before = _compose(text)
    edited = _edited(text, _settings(before, model), version)
    pin = (*MODELS, model, KEY)
    wanted = {**dict(_leaves(before)), pin: ("tag:yaml.org,2002:int", str(version))}
    found = dict(_leaves(_compose(edited)))
    if astray := next((path for path in (*wanted, *found) if wanted.get(path) != found.get(path)), None):
        raise PinError(_astray(model, astray, wanted.get(astray)))
    return edited


def _astray(model: str, path: Path, kept: Leaf | None) -> str:
    """Why the pin cannot be changed alone: what else would change, by an anchor or a merge key."""
    *above, key = path[1:]
    own = f"`{key}: {kept[1]}`" if kept else f"its own `{key}`"
    return (
        f"{KEY} of {model} cannot be changed alone: by an anchor (`&`) or a merge key (`<<`) "
        f"{'.'.join([*above, key])} would change with it. "
        f"Write {own} below {'.'.join(above)} first, without `*`, then pin again."
    )


def _compose(text: str) -> Node | None:
    try:
        return stack_yaml.compose(text)
    except stack_yaml.UnreadableError as error:
        where = f" at line {error.line}" if error.line else ""
        mend = f"Expected: {error.bound}." if error.bound else "Mend that line."
        raise PinError(
            f"no config with `rollpin:models` can be read, or written with a pin{where}: {error.found}. {mend}"
        ) from None


def _settings(root: Node | None, model: str) -> MappingNode:
    models = _entry(_entry(root, MODELS[0])[1], MODELS[1])[1]
    if not isinstance(models, MappingNode):
        raise PinError("no config with `rollpin:models` can be read from it. See the README.")
    key, settings = _entry(models, model)
    if key is None or settings is None:
        known = [str(name) for name in _names(models)]
        raise PinError(f"there is no model {model}. There is: {', '.join(known)}.{did_you_mean(model, known)}")
    if not isinstance(settings, MappingNode):
        raise PinError(f"model {model} at line {key.start_mark.line + 1} has no settings: write `{model}: {{}}` there.")
    if not _has_schema(root, settings):
        raise PinError(f"model {model} has no settings with a schema, nor has `{DEFAULTS[1]}`. See the README.")
    if settings.start_mark.index < key.start_mark.index:
        line = key.start_mark.line + 1
        raise PinError(
            f"model {model} at line {line} has all of its settings from another model, by `*`. Write "
            f"`{model}: {{<<: *…, {KEY}: …}}` there, with the name that stands behind `*`, then pin again."
        )
    return settings


def _has_schema(root: Node | None, settings: MappingNode) -> bool:
    defaults = _entry(_entry(root, DEFAULTS[0])[1], DEFAULTS[1])[1]
    return any(_entry(each, "schema")[1] is not None for each in (settings, defaults))


def _names(mapping: MappingNode) -> list[str | None]:
    return [stack_yaml.name(key) for key, _ in stack_yaml.pairs(mapping)]


def _entry(node: Node | None, name: str) -> tuple[Node, Node] | tuple[None, None]:
    """A key of a mapping with its value, its own or merged; raises PinError where it stands twice in one."""
    if not isinstance(node, MappingNode):
        return None, None
    own = [pair for pair in node.value if stack_yaml.name(pair[0]) == name]
    if len(own) > 1:
        raise PinError(f"{name} stands twice, at line {own[1][0].start_mark.line + 1} again. Remove one of them.")
    return next((pair for pair in stack_yaml.pairs(node) if stack_yaml.name(pair[0]) == name), (None, None))


def _edited(text: str, settings: MappingNode, version: int) -> str:
    _entry(settings, KEY)  # refuses one that stands twice
    own = next((pair for pair in settings.value if stack_yaml.name(pair[0]) == KEY), None)
    if own is None:
        return _inserted(text, settings, version)
    key, old = own
    if old.start_mark.index < key.start_mark.index:
        return _instead_of_alias(text, key, version)
    start, end = old.start_mark.index, old.end_mark.index
    if not isinstance(old, ScalarNode) or LINE_BREAK.search(text, start, end):
        raise PinError(f"{KEY} at line {old.start_mark.line + 1} is no value on one line: write a number there.")
    if start == end and (colon := re.compile(r"[ \t]*:").match(text, key.end_mark.index)):
        start = end = colon.end()  # the mark of an empty value stands behind its comment
    gap = " " if text[start - 1] == ":" else ""
    rest = text[end:]
    if old.anchor:
        moved = re.compile(rf"\*{re.escape(old.anchor)}{NAME}")
        rest = moved.sub(lambda _: text[start:end], rest, count=1)
    return f"{text[:start]}{gap}{version}{rest}"


def _instead_of_alias(text: str, key: Node, version: int) -> str:
    alias = re.compile(rf"([ \t]*:[ \t]*)\*[^\s,\]}}]+{NAME}").match(text, key.end_mark.index)
    if alias is None:
        raise PinError(f"{KEY} at line {key.start_mark.line + 1} is no value on one line: write a number there.")
    return f"{text[: alias.end(1)]}{version}{text[alias.end() :]}"


def _inserted(text: str, settings: MappingNode, version: int) -> str:
    """Add the pin behind the schema's value, or below its line (and comment) where each setting has its own.

    Where the schema is merged, repeated by an alias or in the defaults, it is added before the first key.
    """
    schema = next((pair for pair in settings.value if stack_yaml.name(pair[0]) == "schema"), None)
    if schema is None or schema[1].start_mark.index < schema[0].start_mark.index:
        return _first(text, settings, version)
    written = text[: max(node.end_mark.index for node in schema)].rstrip()
    if settings.flow_style:
        return f"{written}, {KEY}: {version}{text[len(written) :]}"
    line = f"{' ' * schema[0].start_mark.column}{KEY}: {version}"
    if here := LINE_BREAK.search(text, len(written)):
        return f"{text[: here.end()]}{line}{here.group()}{text[here.end() :]}"
    known = LINE_BREAK.search(text)  # the last line has no end, and keeps none
    return f"{text}{known.group() if known else os.linesep}{line}"


def _first(text: str, settings: MappingNode, version: int) -> str:
    if not settings.value:
        inside = settings.start_mark.index + 1
        return f"{text[:inside]}{KEY}: {version}{text[settings.end_mark.index - 1 :]}"
    start = settings.value[0][0].start_mark
    if settings.flow_style:
        return f"{text[: start.index]}{KEY}: {version}, {text[start.index :]}"
    known = LINE_BREAK.search(text)
    end = known.group() if known else os.linesep
    return f"{text[: start.index]}{KEY}: {version}{end}{' ' * start.column}{text[start.index :]}"


def _leaves(node: Node | None, path: Path = (), within: tuple[Node, ...] = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every value by where it stands for the engine: aliases followed, merge keys resolved."""
    if node is None:
        return
    if any(node is outer for outer in within):
        line = node.start_mark.line + 1
        raise PinError(f"the anchor `&{node.anchor}` at line {line} holds itself, which the engine refuses. Mend that.")
    yield path, (str(node.tag), str(node.value) if isinstance(node, ScalarNode) else "")
    inside = (*within, node)
    if isinstance(node, MappingNode):
        for key, child in stack_yaml.pairs(node):
            name = stack_yaml.name(key)
            yield from _leaves(child, (*path, str(list(_leaves(key))) if name is None else name), inside)
    elif isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield from _leaves(child, (*path, str(index)), inside)
