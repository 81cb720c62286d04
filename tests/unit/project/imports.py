"""The project's own modules, and what each imports of the others: read from the code, none of which runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = tuple(sorted(path.parent.name for path in ROOT.glob("[a-z]*/__init__.py")))


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """What each module imports, inside functions and for type checkers too; of the project's own, whole modules."""
    files = {_name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
    return {name: frozenset(_imported(path, files)) for name, path in files.items()}


def own(name: str) -> frozenset[str]:
    """What a module imports of the project itself."""
    return frozenset(other for other in imports()[name] if other in imports())


@cache
def at_start() -> Mapping[str, frozenset[str]]:
    """What each module imports as soon as it is imported itself."""
    files = {_name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
    return {name: frozenset(_names(_running(ast.parse(path.read_text())), files)) for name, path in files.items()}


def circle() -> list[str]:
    """Modules that import each other in a ring, the first again at the end; empty where there is none."""
    done: set[str] = set()
    for name in imports():
        if found := _circle(name, [], done):
            return found
    return []


def _circle(name: str, way: list[str], done: set[str]) -> list[str]:
    if name in way:
        return [*way[way.index(name) :], name]
    if name in done:
        return []
    for other in sorted(own(name) - {name}):
        if found := _circle(other, [*way, name], done):
            return found
    done.add(name)
    return []


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    yield from _names(ast.walk(ast.parse(path.read_text())), files)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: neither a function's body nor what only type checkers read."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _running(child)


def _names(nodes: Iterable[ast.AST], files: Mapping[str, Path]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (module if module in files else node.module for module in modules)
