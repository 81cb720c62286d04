"""Whatever is printed goes by one door, which shows what a terminal would obey and a reader would not see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.unit.project.imports import PACKAGES, ROOT

DOOR = "model_ops/cli/output.py"
PRINTING = {"click.echo", "click.secho", "click.ClickException", "print", "sys.stdout.write", "sys.stderr.write"}
PROTOCOL = {
    "engine/stand_in/server.py": "sys.stdout.write",
    "infra/settings/__main__.py": "sys.stdout.write",
    "infra/settings/reference.py": "sys.stdout.write",
    "infra/outputs.py": "sys.stdout.write",
    "policy/reference.py": "sys.stdout.write",
}
"""What goes to a process or a file: the port of a provider; a refusal, whose words are shown safely; pages of docs."""


def printed(path: str) -> Iterator[tuple[str, int]]:
    """What a module calls that prints, and where."""
    tree = ast.parse((ROOT / path).read_text())
    handled = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type
        for part in ast.walk(node.type)
    }
    for node in ast.walk(tree):
        name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if name in PRINTING and PROTOCOL.get(path) != name and id(node) not in handled:
            yield name, node.lineno


@pytest.mark.parametrize("package", [name for name in PACKAGES if name != "examples"])
def test_a_package_prints_by_the_door_alone(package: str) -> None:
    paths = [path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*.py")]
    found = {path: list(printed(path)) for path in paths}

    assert {path: calls for path, calls in found.items() if calls and path != DOOR} == {}
    assert package != "model_ops" or found[DOOR]
