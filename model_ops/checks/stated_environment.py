"""The variables that a stack's file gives a version: what the next `up` sets, whatever the endpoint has now."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node

from model_ops.pinning.stack_yaml import UnreadableError, compose, name, pairs, read_bytes


def stated_environment(file: Path, model: str, number: int) -> dict[str, str] | None:
    """Give the variables of version `number` of `model`; None where the file says nothing of them, or cannot be read.

    A file that cannot be read is refused elsewhere: here it is no reason to check nothing.
    """
    try:
        root = compose(read_bytes(file).decode())
    except (OSError, UnicodeDecodeError, UnreadableError):
        return None
    endpoint = _at(root, "config", "rollpin:models", model, "endpoint")
    said = [_at(endpoint, "environment"), _at(endpoint, "environmentOf", str(number))]
    if said == [None, None]:
        return None
    return {key: value for mapping in said for key, value in _texts(mapping).items()}


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        inside = pairs(node) if isinstance(node, MappingNode) else ()
        node = next((value for found, value in inside if name(found) == key), None)
    return node


def _texts(node: Node | None) -> dict[str, str]:
    inside = pairs(node) if isinstance(node, MappingNode) else ()
    return {str(name(key)): str(name(value) or "") for key, value in inside}
