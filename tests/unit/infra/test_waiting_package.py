"""A provider's package brings the resources that are asked for, and is whole to whoever asks for more."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from infra.waiting_package import module_of, wait

PACKAGE = "made_for_waiting"
FILES = {
    "__init__.py": "\n".join(
        [
            "from .big_table import *",
            "from .get_table import *",
            "from ._inputs import *",
            "from .other import *",
            "WHOLE = 1",
        ]
    ),
    "big_table.py": "from . import outputs\nclass BigTable: row = outputs.Row",
    "get_table.py": "def get_table(): return 'a table'",
    "other.py": "class SDKThing: pass",
    "_inputs.py": "class RowArgs: pass",
    "outputs.py": "from . import outputs as itself\nclass Row: pass",
}
MADE = """
import sys
import infra.program
import pulumi_databricks as databricks
assert databricks.Catalog and databricks.GrantsGrantArgs
types = [name for name in vars(databricks._inputs) if name.endswith('Args')]
assert 'GrantsGrantArgs' in types and len(types) < 100, len(types)
print(sorted({'pulumi_databricks.cluster', 'pulumi_databricks.job', 'pulumi_databricks.catalog'} & sys.modules.keys()))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package that waits, made as a generated SDK is."""
    (tmp_path / PACKAGE).mkdir()
    for name, text in FILES.items():
        (tmp_path / PACKAGE / name).write_text(f"{text}\n")
    monkeypatch.syspath_prepend(tmp_path)
    wait(PACKAGE)
    yield importlib.import_module(PACKAGE)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def imported() -> set[str]:
    return {name.partition(".")[2] for name in sys.modules if name.startswith(f"{PACKAGE}.")}


def test_the_program_imports_no_resource_that_it_does_not_make() -> None:
    done = subprocess.run([sys.executable, "-c", MADE], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("['pulumi_databricks.catalog']\n", "")


def test_a_resource_comes_with_what_it_is_made_of_alone(package: ModuleType) -> None:
    assert package.BigTable.row is package.outputs.Row

    assert imported() == {"big_table", "outputs"}


def test_an_input_comes_without_any_resource(package: ModuleType) -> None:
    assert package.RowArgs.__name__ == "RowArgs"

    assert imported() == {"_inputs"}


def test_a_function_that_is_named_as_its_module_is_given_and_not_the_module(package: ModuleType) -> None:
    assert package.get_table() == "a table"
    importlib.import_module(f"{PACKAGE}.get_table")
    assert package.get_table() == "a table"


def test_what_no_name_leads_to_is_there_too_and_then_all_is(package: ModuleType) -> None:
    before = package.BigTable

    assert (package.SDKThing.__name__, package.WHOLE) == ("SDKThing", 1)
    assert package.BigTable is before
    assert type(package) is ModuleType


def test_what_the_package_does_not_have_is_missed_as_ever(package: ModuleType) -> None:
    assert not hasattr(package, "Nothing")
    assert not hasattr(package, "Nothing")
    assert not hasattr(package, "__nothing__")


def test_several_threads_get_the_same_at_once(package: ModuleType) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: package.SDKThing, range(8)))

    assert len(found) == 1


def test_a_package_that_was_imported_or_is_not_there_does_not_wait(package: ModuleType) -> None:
    wait(PACKAGE)
    wait("no_such_package_at_all")
    wait("no_such_package_at_all.part_of_it")

    assert importlib.import_module(PACKAGE) is package
    assert not [name for name in sys.modules if name.startswith("no_such_package_at_all")]


@pytest.mark.parametrize(
    ("resource", "module"),
    [
        ("MlflowExperiment", "mlflow_experiment"),
        ("Grants", "grants"),
        ("PublicIPAddress", "public_ip_address"),
    ],
)
def test_a_resource_leads_to_its_module(resource: str, module: str) -> None:
    assert module_of(resource) == module
