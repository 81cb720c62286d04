"""`from model_ops import …`: a sorted list of names that are all there, and imported only when they are used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import model_ops
from model_ops import errors

SOURCE = Path(model_ops.__file__)


def test_the_public_names_are_sorted_and_each_is_there() -> None:
    assert model_ops.__all__ == sorted(model_ops.__all__)
    assert [name for name in model_ops.__all__ if getattr(model_ops, name, None) is None] == []


def test_types_and_homes_and_names_say_the_same() -> None:
    imports = [node for node in ast.walk(ast.parse(SOURCE.read_text())) if isinstance(node, ast.ImportFrom)]
    typed = {
        str(node.module).removeprefix("model_ops."): {alias.name for alias in node.names}
        for node in imports
        if str(node.module).startswith("model_ops.")
    }
    assert typed == {module: set(names.split()) for module, names in model_ops._HOMES.items()}
    assert set(model_ops.__all__) == set().union(*typed.values())


def test_no_public_name_is_hidden_by_a_module_of_that_name() -> None:
    modules = {path.stem for path in SOURCE.parent.glob("*.py")} | {path.name for path in SOURCE.parent.iterdir()}
    assert modules & set(model_ops.__all__) == set()


def test_any_other_name_is_an_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = model_ops.no_such_name


def test_importing_the_package_imports_none_of_its_modules() -> None:
    words = "import sys, model_ops; print([name for name in sys.modules if name.startswith('model_ops.')])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_error_is_in_the_tree_that_is_drawn() -> None:
    named = [name for name, value in vars(errors).items() if isinstance(value, type)]
    assert [name for name in named if name not in str(errors.__doc__)] == []
    assert [name for name in named if name not in model_ops.__all__] == []
    assert all(issubclass(getattr(errors, name), errors.ModelOpsError) for name in named)
