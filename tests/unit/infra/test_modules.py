"""The engine puts infra/ itself first on the import path: no module there may be named like another one."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

INFRA = Path(__file__).parents[3] / "infra"
MODULES = {path.stem for path in INFRA.glob("*.py")} - {"__init__", "__main__"}


def test_no_module_hides_one_of_the_standard_library() -> None:
    assert not MODULES & sys.stdlib_module_names


def test_no_module_hides_an_installed_one() -> None:
    assert not MODULES & importlib.metadata.packages_distributions().keys()


def test_the_program_never_imports_mlflow_and_of_model_ops_only_what_served_means() -> None:
    lines = [line.split() for path in INFRA.glob("*.py") for line in path.read_text().splitlines()]
    imported = {line[1] for line in lines if line[:1] in (["import"], ["from"]) and len(line) > 1}

    assert not any(name.split(".")[0] == "mlflow" for name in imported)
    assert {name for name in imported if name.startswith("model_ops")} == {"model_ops.served"}
