"""The plan of the house: which package, and which room in it, may import which."""

from __future__ import annotations

import ast
import importlib.metadata
import sys
from collections.abc import Mapping, Sequence

import pytest

from tests.unit.project.imports import PACKAGES, ROOT, circle, imports, own

MAY_IMPORT: Mapping[str, set[str]] = {
    "engine": {"infra", "model_ops", "policy", "sandbox"},
    "examples": set(),
    "infra": {"model_ops"},
    "model_ops": set(),
    "policy": {"infra", "model_ops"},
    "rehearsal": {"engine", "infra", "model_ops", "sandbox"},
    "sandbox": {"model_ops"},
}
INFRA = (
    {"__main__"},
    {"program"},
    {"serving"},
    {"foundation", "catalog"},
    {"access", "proof"},
    {"settings"},
    {"naming", "retention", "interruption", "refusal", "outputs", "waiting_module"},
    {"waiting_package"},
)
SANDBOX = ({"__main__"}, {"lifecycle"}, {"serving", "workspace"}, {"home"})
WORKSPACE = (
    {"__main__"},
    {"app"},
    {"access", "tracking"},
    {"catalog", "files", "endpoints"},
    {"registry", "search", "secret_scopes", "tables"},
    {"identity"},
    {"stores"},
    {"api"},
)
HOUSES = (("infra", INFRA), ("sandbox", SANDBOX), ("sandbox.workspace", WORKSPACE))
"""Storeys of a house: each stands on those below it, and the rooms of one storey not on each other."""


def package(name: str) -> str:
    return name.partition(".")[0]


def room(name: str, house: str) -> str:
    """The part of `house` that a module is in; empty for the house itself."""
    return name.removeprefix(house).removeprefix(".").partition(".")[0]


def upward(house: str, storeys: Sequence[set[str]]) -> list[str]:
    """Imports from a storey of `house` to another room that is not below it."""
    floor = {name: level for level, rooms in enumerate(storeys) for name in rooms}
    modules = [name for name in imports() if name.startswith(f"{house}.")]
    return [
        f"{name} imports {other}"
        for name in modules
        for other in own(name)
        if other.startswith(f"{house}.") and (mine := room(name, house)) != (theirs := room(other, house))
        if floor[mine] >= floor[theirs]
    ]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_imports_only_those_below_it(name: str) -> None:
    imported = {package(other) for module in imports() if package(module) == name for other in own(module)}

    assert imported - {name} <= MAY_IMPORT[name]


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circle() == []


@pytest.mark.parametrize(("house", "storeys"), HOUSES)
def test_every_room_stands_on_a_storey(house: str, storeys: Sequence[set[str]]) -> None:
    rooms = {room(name, house) for name in imports() if name.startswith(f"{house}.")}

    assert rooms == set().union(*storeys)


@pytest.mark.parametrize(("house", "storeys"), HOUSES)
def test_the_rooms_of_a_house_import_downwards_only(house: str, storeys: Sequence[set[str]]) -> None:
    assert upward(house, storeys) == []


def test_nothing_directly_below_infra_bears_the_name_of_a_library() -> None:
    """The engine puts infra/ itself first on the import path."""
    rooms = {room(name, "infra") for name in imports() if name.startswith("infra.")}

    assert "program" in rooms
    assert rooms & sys.stdlib_module_names <= {"__main__"}
    assert not rooms & importlib.metadata.packages_distributions().keys()


def test_of_model_ops_the_program_takes_what_both_halves_must_read_alike_and_nothing_else() -> None:
    """All are pure: of what serves, to the reader, of what is a secret, of what a model declares to use."""
    taken = {other for name in imports() if package(name) == "infra" for other in own(name)}

    assert {name for name in taken if package(name) == "model_ops"} == {
        "model_ops.commands",
        "model_ops.example_values",
        "model_ops.credential",
        "model_ops.secret_reference",
        "model_ops.served",
        "model_ops.target",
        "model_ops.versions.resources",
    }


@pytest.mark.parametrize(("name", "library"), [("infra", "mlflow"), ("model_ops", "pulumi")])
def test_neither_half_imports_the_library_of_the_other(name: str, library: str) -> None:
    imported = {package(other) for module, others in imports().items() if package(module) == name for other in others}

    assert not {each for each in imported if each.startswith(library)}


def test_every_room_says_what_is_in_it() -> None:
    silent = [
        path.parent.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []
