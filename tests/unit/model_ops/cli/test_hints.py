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
    text = path.read_bytes()
    tree, lines = ast.parse(text), text.splitlines(keepends=True)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in statements | inside:
            yield source(lines, node)


def source(lines: list[bytes], node: ast.expr) -> str:
    """The source of a node; `ast.get_source_segment` splits the whole text anew for each."""
    assert node.end_lineno is not None
    own = lines[node.lineno - 1 : node.end_lineno]
    own[-1] = own[-1][: node.end_col_offset]
    own[0] = own[0][node.col_offset :]
    return b"".join(own).decode()


def hints() -> list[tuple[str, str, str]]:
    found = [(path.name, each) for path in SOURCES if path.name != "reference.py" for each in messages(path)]
    return [(name, *match) for name, text in found for match in HINT.findall(text)]


HINTS = hints()


def test_there_are_hints_to_look_at() -> None:
    assert len(HINTS) > 10


@pytest.mark.parametrize(("module", "command", "rest"), HINTS)
def test_a_command_that_is_named_exists_and_names_its_stack(module: str, command: str, rest: str) -> None:
    assert command in COMMANDS, module
    assert command in OF_NO_STACK or NAMED.search(rest), f"{module}: model-ops {command}{rest}"
