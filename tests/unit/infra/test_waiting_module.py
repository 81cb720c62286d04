"""Of a module of nested types those run that are asked for, and they are what they are when all of it runs."""

from __future__ import annotations

import importlib
import re
import sys
import typing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

import pytest

from infra import waiting_module, waiting_package

PACKAGE = "made_of_types"
TYPE = """
@pulumi.input_type
class {name}:
    \"\"\"A type,

    and a line in it.\"\"\"
    inner: 'pulumi.Input[{inner}]'
    pair: "typing.Any" = '{inner}'
"""
HEAD = "import pulumi\nimport typing\n\n__all__ = ['BoltArgs', 'NutArgs', 'RingArgs']\n\n"
TYPES = [TYPE.format(name=f"{name}Args", inner=f"{inner}Args") for name, inner in [("Bolt", "Nut"), ("Nut", "Bolt")]]
LAST = TYPE.format(name="RingArgs", inner="RingArgs")
RESOURCE = (
    "from ._inputs import *\nclass Bolt:\n    def __init__(self, inner: 'pulumi.Input[BoltArgs]', _='BoltArgs'): pass\n"
)


@pytest.fixture
def types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of types that waits, in a package that does."""
    yield from made(tmp_path, monkeypatch, "\n".join([HEAD, *TYPES, LAST]))


def made(directory: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Iterator[ModuleType]:
    (directory / PACKAGE).mkdir()
    for name, content in {"__init__": "from ._inputs import *", "bolt": RESOURCE, "_inputs": text}.items():
        (directory / PACKAGE / f"{name}.py").write_text(f"{content}\n")
    monkeypatch.syspath_prepend(directory)
    waiting_package.wait(PACKAGE)
    waiting_module.wait(PACKAGE, "_inputs")
    yield sys.modules[f"{PACKAGE}._inputs"]
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def run(module: ModuleType) -> set[str]:
    return {name for name in vars(module) if name.endswith("Args")}


def test_a_type_comes_with_what_it_names_and_no_other(types: ModuleType) -> None:
    assert types.BoltArgs.__module__ == f"{PACKAGE}._inputs"

    assert run(types) == {"BoltArgs", "NutArgs"}


def test_a_resource_that_imports_all_gets_what_it_names(types: ModuleType) -> None:
    resource = importlib.import_module(f"{PACKAGE}.bolt")

    assert run(resource) == {"BoltArgs"}
    assert run(types) == {"BoltArgs", "NutArgs"}


def test_who_is_no_resource_and_imports_all_gets_all(types: ModuleType) -> None:
    taken: dict[str, typing.Any] = {}
    exec(f"from {PACKAGE}._inputs import *", taken)

    assert {"BoltArgs", "NutArgs", "RingArgs"} <= taken.keys()
    assert type(types) is ModuleType


def test_what_it_does_not_have_is_missed_as_ever(types: ModuleType) -> None:
    assert not hasattr(types, "Nothing")
    assert not hasattr(types, "__nothing__")


def test_one_that_is_not_there_does_not_wait() -> None:
    waiting_module.wait("no_such_package_at_all", "_inputs")

    assert "no_such_package_at_all._inputs" not in sys.modules


def test_several_threads_get_the_same_type(types: ModuleType) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: types.BoltArgs, range(8)))) == 1


def test_a_file_that_is_written_in_another_way_runs_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = "\n".join([HEAD, *TYPES, "if typing.TYPE_CHECKING:\n    pass\n", LAST])
    for types in made(tmp_path, monkeypatch, odd):
        assert types.BoltArgs
        assert run(types) == {"BoltArgs", "NutArgs", "RingArgs"}


@pytest.mark.parametrize(
    ("package", "asked"),
    [
        ("pulumi_databricks", ["ModelServingConfigArgs", "GrantsGrantArgs"]),
        ("pulumi_azure_native.storage", ["NetworkRuleSetArgs"]),
    ],
)
def test_the_installed_types_are_what_they_are_when_all_run(package: str, asked: list[str]) -> None:
    name = f"{package}._inputs"
    types, spec = importlib.import_module(name), find_spec(name)
    assert spec
    assert spec.loader
    whole = module_from_spec(spec)
    whole.__class__ = ModuleType
    spec.loader.exec_module(whole)

    assert all(hasattr(types, each) for each in asked)
    assert set(asked) < run(types)
    for each in run(types):
        assert described(getattr(types, each)) == described(getattr(whole, each))
        assert run(whole) & set(re.findall(r"\w+", str(described(getattr(types, each))))) <= run(types)


def described(made: type) -> dict[str, str]:
    """The properties of a type, with what each may be."""
    properties = {name: value.fget for name, value in vars(made).items() if isinstance(value, property)}
    return {name: str(get.__annotations__) for name, get in properties.items() if get}
