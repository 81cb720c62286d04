"""What goes with the sample chatbot, and what in any case once this is a repository of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

FOLDERS = ("examples", "rehearsal")
"""The sample chatbot, and the demo that needs it. What imports them goes too, and that is tests alone."""
GUIDES = ("docs/demo.md", "docs/get-started.md", "tests/e2e/documents")
"""The pages that are played on the sample chatbot, and what plays them."""
OF_TEMPLATE = (
    "tests/e2e/template",
    "tests/unit/project/test_shipped.py",
    "tests/unit/project/test_public_reports.py",
    "tests/public-reports.md",
)
"""What is about Rollpin as it comes: it means nothing in a repository that was made from it."""


def going(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Paths of what goes with the example: the folders, the tests that mirror them, and the tests that lean on them.

    A test leans on what it imports; where it is a conftest.py, all tests of its folder lean on it.
    """
    gone = {*FOLDERS, *GUIDES, *(f"tests/{kind}/{folder}" for kind in ("unit", "e2e") for folder in FOLDERS)}
    imported = {
        path: _imports(text) for path, text in files.items() if path.startswith("tests/") and path.endswith(".py")
    }
    while leaning := {_place(path) for path, names in imported.items() if not _in(path, gone) and _leans(names, gone)}:
        gone |= leaning
    return tuple(
        sorted(path for path in gone if not _in(path, gone - {path}) and any(_in(file, {path}) for file in files))
    )


def packages(pyproject: str) -> str:
    """Give pyproject.toml without the folders that go, wherever packages are listed."""
    names = "|".join(FOLDERS)
    text = re.sub(rf'^"(?:{names})[./"].*\n', "", pyproject, flags=re.MULTILINE)
    text = re.sub(rf'"(?:{names})\*?", ', "", text)
    return re.sub(rf', "(?:{names})\*?"', "", text)


def _place(path: str) -> str:
    """What goes with a test that leans: its file, or the folder whose conftest.py it is."""
    file = PurePosixPath(path)
    return str(file.parent if file.name == "conftest.py" else file)


def _in(path: str, places: set[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _leans(names: frozenset[str], gone: set[str]) -> bool:
    modules = {place.removesuffix(".py").replace("/", ".") for place in gone}
    return any(name == module or name.startswith(f"{module}.") for name in names for module in modules)


def _imports(source: bytes) -> frozenset[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)
