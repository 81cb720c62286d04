"""A copy of the project's files, for the engine to rewrite as it likes: the work tree stays clean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node

from infra.settings import stack_file as settings
from infra.settings import stack_yaml
from infra.settings.mistake import SettingsError
from sandbox.home import write_private

STACK = "local"
ENGINE_OWN = ("encryptionsalt", "secretsprovider", "encryptedkey")
"""What the engine adds to a stack file; kept when the file is copied anew, for the state is encrypted with it."""
LINE = re.compile(rf"^({'|'.join(ENGINE_OWN)}): *(\S+) *$", re.MULTILINE)


def copy(source: Path, directory: Path, file: Path | None = None, stack: str = STACK) -> Path:
    """Copy Pulumi.yaml and the stack's file from `source`; return `directory`, which then is a project.

    With a `file` that one becomes the stack's, instead of the one that people edit in `source`. What the engine
    owns is taken from the copy before alone: in the source it belongs to another state. Every other line stays at its
    number, which messages name. Raises SettingsError where the stack's file cannot be read, and then copies nothing.
    """
    text, root = settings.compose(file or stack_file(source, stack))
    for each in (directory, directory / "infra"):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _engine_owned(stack_file(directory, stack))
    write_private(directory / "Pulumi.yaml", (source / "Pulumi.yaml").read_text())
    write_private(stack_file(directory, stack), _with(kept, _without(text, root)))
    return directory


def stack_file(directory: Path, stack: str = STACK) -> Path:
    """The stack's config file in a project directory."""
    return directory / f"Pulumi.{stack}.yaml"


def _engine_owned(path: Path) -> Mapping[str, str]:
    """What the engine has added to the copy; of a key that stands twice the last, which is its own."""
    if not path.exists():
        return {}
    try:
        root = settings.compose(path)[1]
    except SettingsError:
        return dict(LINE.findall(path.read_text(errors="replace")))
    own = ((stack_yaml.name(key), value) for key, value in root.value)
    return {name: str(value.value) for name, value in own if name in ENGINE_OWN}


def _without(text: str, root: MappingNode) -> str:
    """The text without what the engine owns, its line ends apart."""
    for key, value in reversed([pair for pair in root.value if stack_yaml.name(pair[0]) in ENGINE_OWN]):
        start, end = _entry(text, key, value)
        if root.flow_style:
            comma = re.compile(r"\s*,").match(text, end)
            end = comma.end() if comma else end
        text = text[:start] + re.sub(r"[^\n]", "", text[start:end]) + text[end:]
    return text


def _entry(text: str, key: Node, value: Node) -> tuple[int, int]:
    """Where an entry begins, with its `?` if it has one, and ends, without what follows its value's last line."""
    start, end = key.start_mark.index, value.end_mark.index
    asked = re.search(r"\?[ \t]*(?:[&!]\S+[ \t]+)*$", text[:start])
    if value.start_mark.index == end:
        end = text.index(":", key.end_mark.index) + 1
    return (asked.start() if asked else start), end


def _with(kept: Mapping[str, str], text: str) -> str:
    """The text with what the engine owns, each once: in the braces of a flow mapping, else as the last lines."""
    root = stack_yaml.compose(text)
    lines = [f"{name}: {value}" for name, value in kept.items()]
    if not isinstance(root, MappingNode) or not lines:
        return "\n".join([text.removesuffix("\n"), *lines, ""])
    if root.flow_style:
        start = root.start_mark.index + 1
        return f"{text[:start]}{', '.join(lines)}, {text[start:]}"
    end, indent = root.end_mark.index, " " * root.start_mark.column
    head = text[:end].rstrip(" ")
    gap = "" if head.endswith("\n") else "\n"
    return head + gap + "".join(f"{indent}{line}\n" for line in lines) + text[end:]
