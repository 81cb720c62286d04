"""What a message tells its reader to type next is a command that there is, with the stack that it needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import model_ops
from model_ops.cli import COMMANDS

HINT = re.compile(r"model-ops ([a-z]+)([^;()]*)")
OF_NO_STACK = {"status", "promote", "score"}
NAMED = re.compile(r"\{((stack|self)\.)?named\}|--stack|\{version\} --download")
SOURCES = sorted(Path(model_ops.__file__).parent.rglob("*.py"))


def messages(path: Path) -> Iterator[str]:
    """The source of every text in a module that is no docstring."""
    text = path.read_text()
    tree = ast.parse(text)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in statements | inside:
            yield ast.get_source_segment(text, node) or ""


def hints() -> list[tuple[str, str, str]]:
    found = [(path.name, each) for path in SOURCES if path.name != "reference.py" for each in messages(path)]
    return [(name, *match) for name, text in found for match in HINT.findall(text)]


def test_there_are_hints_to_look_at() -> None:
    assert len(hints()) > 10


@pytest.mark.parametrize(("module", "command", "rest"), hints())
def test_a_command_that_is_named_exists_and_names_its_stack(module: str, command: str, rest: str) -> None:
    assert command in COMMANDS, module
    assert command in OF_NO_STACK or NAMED.search(rest), f"{module}: model-ops {command}{rest}"
