"""Signatures of every kind, as MLflow writes them, and MLflow itself, whose word is the last."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import strategies as st

# MLflow describes its own response types when mlflow.pyfunc is imported; the rule is about ours.
THIRD_PARTY_NOISE = "ignore:.*Any type hint is inferred as AnyType:UserWarning"

NAMES = st.text('ab0é.[]{}"', max_size=3)
SCALARS = st.sampled_from(["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"])
LEAVES = st.builds(lambda name: {"type": name}, SCALARS | st.just("any"))
VECTOR = st.just({"type": "sparkml_vector"})  # a property of this type is written by MLflow, but not read


def containers(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    required = st.builds(lambda type_, needed: type_ | {"required": needed}, inner, st.booleans())
    properties = st.dictionaries(NAMES, required, min_size=1, max_size=3)
    return (
        st.builds(lambda items: {"type": "array", "items": items}, inner)
        | st.builds(lambda values: {"type": "map", "values": values}, inner)
        | st.builds(lambda found: {"type": "object", "properties": found}, properties)
    )


TYPES = st.recursive(LEAVES, containers, max_leaves=5) | VECTOR
SHAPES = st.lists(st.integers(-1, 3), max_size=3)
TENSORS = st.builds(
    lambda dtype, shape: {"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}},
    st.sampled_from(["float32", "int64", "uint8", "bool", "str", "object", "datetime64[ns]"]),
    SHAPES,
)
PARAM_TYPES = st.sampled_from([("integer", 1), ("double", 0.5), ("string", "a"), ("boolean", True), ("long", None)])


def named(types: st.SearchStrategy[dict[str, Any]], *, optional: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    needs = st.booleans().map(lambda needed: {"required": needed}) if optional else st.just({})
    fields = st.dictionaries(NAMES, st.tuples(types, needs), min_size=1, max_size=4)
    return fields.map(lambda found: [type_ | {"name": name} | need for name, (type_, need) in found.items()])


NAMED_COLUMNS = named(TYPES, optional=True)
UNNAMED_COLUMNS = st.lists(TYPES.map(lambda type_: type_ | {"required": True}), min_size=1, max_size=3)
SIDES = NAMED_COLUMNS | UNNAMED_COLUMNS | named(TENSORS, optional=False) | st.lists(TENSORS, min_size=1, max_size=1)
PARAMS = st.dictionaries(NAMES, st.tuples(PARAM_TYPES, st.booleans()), min_size=1, max_size=3).map(
    lambda found: [
        {"name": name, "default": [value] if listed else value, "shape": [-1] if listed else None, "type": kind}
        for name, ((kind, value), listed) in found.items()
    ]
)


def as_written(side: list[dict[str, Any]] | None) -> str | None:
    return None if side is None else json.dumps(side)


@pytest.fixture(scope="session")
def drawn() -> SimpleNamespace:
    """Strategies: whole signatures as MLmodel files have them, and sides as lists of fields."""
    signatures = st.fixed_dictionaries(
        {"inputs": st.none() | SIDES, "outputs": st.none() | SIDES, "params": st.none() | PARAMS}
    ).map(lambda sides: {name: as_written(side) for name, side in sides.items()})
    return SimpleNamespace(signatures=signatures, sides=SIDES, named_columns=NAMED_COLUMNS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, the warning about MLflow's own code."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings(THIRD_PARTY_NOISE))


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The scoring server marks its process as one that serves, and warns of each body that it refuses."""
    monkeypatch.setenv("_MLFLOW_IS_IN_SERVING_ENVIRONMENT", "false")
    caplog.set_level(logging.ERROR, "mlflow")


@pytest.fixture
def accepts() -> Callable[[Any, Any], bool]:
    """Whether MLflow's own enforcement takes data for a schema."""
    from mlflow.exceptions import MlflowException
    from mlflow.models.utils import _enforce_schema

    def enforce(data: Any, schema: Any) -> bool:
        try:
            _enforce_schema(data, schema)
        except MlflowException:
            return False
        return True

    return enforce
