"""One setting of a model in a stack file's text: found, added, and held against what else would change with it.

Merge keys and aliases mean here what they mean to the engine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_ops.did_you_mean import did_you_mean
from model_ops.errors import PinError
from model_ops.pinning import stack_yaml

MODELS = ("config", "rollpin:models")
DEFAULTS = ("config", "rollpin:defaults")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
INT = "tag:yaml.org,2002:int"
Path = tuple[str, ...]
Leaf = tuple[str, str]  # a value's tag and its text
Pair = tuple[Node, Node]


def compose(text: str) -> Node | None:
    """Read a stack file's text; raises PinError where it cannot be read."""
    try:
        return stack_yaml.compose(text)
    except stack_yaml.UnreadableError as error:
        where = f" at line {error.line}" if error.line else ""
        mend = f"Expected: {error.bound}." if error.bound else "Mend that line."
        raise PinError(
            f"no config with `rollpin:models` can be read, or written with a pin{where}: {error.found}. {mend}"
        ) from None


def model_settings(root: Node | None, model: str) -> MappingNode:
    """The settings of a model, as they are written; raises PinError where there are none that can be edited."""
    models = entry(entry(root, MODELS[0])[1], MODELS[1])[1]
    if not isinstance(models, MappingNode):
        raise PinError("no config with `rollpin:models` can be read from it. See the README.")
    key, settings = entry(models, model)
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
            f"`{model}: {{<<: *…, servedVersion: …}}` there, with the name that stands behind `*`, then pin again."
        )
    return settings


def _has_schema(root: Node | None, settings: MappingNode) -> bool:
    defaults = entry(entry(root, DEFAULTS[0])[1], DEFAULTS[1])[1]
    return any(entry(each, "schema")[1] is not None for each in (settings, defaults))


def _names(mapping: MappingNode) -> list[str | None]:
    return [stack_yaml.name(key) for key, _ in stack_yaml.pairs(mapping)]


def entry(node: Node | None, name: str) -> tuple[Node, Node] | tuple[None, None]:
    """A key of a mapping with its value, its own or merged; raises PinError where it stands twice in one."""
    if not isinstance(node, MappingNode):
        return None, None
    own = [pair for pair in node.value if stack_yaml.name(pair[0]) == name]
    if len(own) > 1:
        raise PinError(f"{name} stands twice, at line {own[1][0].start_mark.line + 1} again. Remove one of them.")
    return next((pair for pair in stack_yaml.pairs(node) if stack_yaml.name(pair[0]) == name), (None, None))


def found(text: str, model: str, name: str) -> tuple[Node, Node] | tuple[None, None]:
    """A setting of a model, its own or merged, with its value; raises PinError where the text cannot be read."""
    settings: Node | None = compose(text)
    for key in (*MODELS, model):
        settings = entry(settings, key)[1]
    return entry(settings, name)


def own(settings: MappingNode, name: str) -> Pair | None:
    """A key of a mapping with its value, where that is written there and not merged into it."""
    return next((pair for pair in settings.value if stack_yaml.name(pair[0]) == name), None)


def inserted(text: str, settings: MappingNode, setting: str, behind: str) -> str:
    """Add a setting, as it is written, behind the value of another, or below its line (and comment) if each has one.

    Where that other is merged, repeated by an alias or in the defaults, it is added before the first key.
    """
    other = own(settings, behind)
    if other is None or other[1].start_mark.index < other[0].start_mark.index:
        return _first(text, settings, setting)
    written = text[: max(node.end_mark.index for node in other)].rstrip()
    if settings.flow_style:
        return f"{written}, {setting}{text[len(written) :]}"
    line = f"{' ' * other[0].start_mark.column}{setting}"
    if here := LINE_BREAK.search(text, len(written)):
        return f"{text[: here.end()]}{line}{here.group()}{text[here.end() :]}"
    known = LINE_BREAK.search(text)  # the last line has no end, and keeps none
    return f"{text}{known.group() if known else os.linesep}{line}"


def require_alone(before: Node | None, edited: str, model: str, key: str, value: Mapping[Path, Leaf]) -> None:
    """Raise PinError where an edit changes more than one setting of a model; `value` is what is to be below it."""
    at = (*MODELS, model, key)
    kept = {path: leaf for path, leaf in leaves(before) if path[: len(at)] != at}
    wanted = kept | {(*at, *path): leaf for path, leaf in value.items()}
    found = dict(leaves(compose(edited)))
    if astray := next((path for path in (*wanted, *found) if wanted.get(path) != found.get(path)), None):
        raise PinError(_astray(key, model, astray, wanted.get(astray)))


def _astray(name: str, model: str, path: Path, kept: Leaf | None) -> str:
    """Why a setting cannot be changed alone: what else would change, by an anchor or a merge key."""
    *above, key = path[1:]
    own = f"`{key}: {kept[1]}`" if kept else f"its own `{key}`"
    return (
        f"{name} of {model} cannot be changed alone: by an anchor (`&`) or a merge key (`<<`) "
        f"{'.'.join([*above, key])} would change with it. "
        f"Write {own} below {'.'.join(above)} first, without `*`, then do it again."
    )


def _first(text: str, settings: MappingNode, setting: str) -> str:
    if not settings.value:
        inside = settings.start_mark.index + 1
        return f"{text[:inside]}{setting}{text[settings.end_mark.index - 1 :]}"
    start = settings.value[0][0].start_mark
    if settings.flow_style:
        return f"{text[: start.index]}{setting}, {text[start.index :]}"
    known = LINE_BREAK.search(text)
    end = known.group() if known else os.linesep
    return f"{text[: start.index]}{setting}{end}{' ' * start.column}{text[start.index :]}"


def leaves(node: Node | None, path: Path = (), within: tuple[Node, ...] = ()) -> Iterator[tuple[Path, Leaf]]:
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
            yield from leaves(child, (*path, str(list(leaves(key))) if name is None else name), inside)
    elif isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield from leaves(child, (*path, str(index)), inside)
