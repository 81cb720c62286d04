"""What is installed where: each file of pins holds what its layer needs, and none contradicts another."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.requirement_files import ROOT, pinned

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
FILES = sorted(path.name for path in ROOT.glob("requirements*.txt"))
LAYERS = [
    ("requirements.txt", "requirements-scoring.txt"),
    ("requirements-scoring.txt", "requirements-spark.txt"),
    ("requirements-scoring.txt", "requirements-rehearse.txt"),
    ("requirements-rehearse.txt", "requirements-dev.txt"),
]


def test_every_extra_has_a_file_of_its_own() -> None:
    assert set(FILES) == {"requirements.txt", "requirements-bootstrap.txt"} | {
        f"requirements-{extra}.txt" for extra in EXTRAS
    }


@pytest.mark.parametrize("extra", [None, *EXTRAS])
def test_a_file_pins_what_its_layer_names(extra: str | None) -> None:
    wanted = [Requirement(line) for line in (EXTRAS[extra] if extra else PROJECT["project"]["dependencies"])]
    pins = pinned(f"requirements-{extra}.txt" if extra else "requirements.txt")

    named = {canonicalize_name(each.name) for each in wanted} - {"rollpin"}
    assert named
    assert named - pins.keys() == set()


def test_a_package_has_the_same_version_in_every_file() -> None:
    versions: dict[str, set[frozenset[str]]] = {}
    for file in FILES:
        for name, found in pinned(file).items():
            versions.setdefault(name, set()).add(frozenset(found))

    assert "mlflow" in versions
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("lower", "upper"), LAYERS)
def test_a_layer_holds_the_one_below_it(lower: str, upper: str) -> None:
    assert pinned(lower).keys() < pinned(upper).keys()


def test_the_plain_requirements_bring_nothing_that_loads_serves_or_tests_a_model() -> None:
    heavy = {"mlflow", "mlflow-skinny", "pandas", "numpy", "pyarrow", "pyspark", "fastapi", "langchain", "pytest"}

    assert pinned("requirements.txt").keys() & heavy == set()


@pytest.mark.parametrize("file", FILES)
def test_a_file_names_hashes_and_no_index(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if not line.lstrip().startswith("#")]

    assert [line for line in lines if "://" in line or re.match(r"\s*(?!--hash=)--?\w", line)] == []
    assert [line for line in lines if not re.match(r"\s+--hash=sha256:[0-9a-f]{64}( \\)?$|\S+==.* \\$", line)] == []
