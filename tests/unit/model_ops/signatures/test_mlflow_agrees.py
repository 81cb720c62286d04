"""What is said here of signatures, held against MLflow."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model_ops.signatures import Signature
from model_ops.signatures.compatibility import compare
from model_ops.signatures.conformance import example, explain_column
from tests.unit.model_ops.signatures.scoring_endpoint import Body, ScoringEndpoint
from tests.unit.model_ops.signatures.sent_bodies import body

LONG, DOUBLE, TEXT, ANY = ({"type": name} for name in ("long", "double", "string", "any"))
Accepts = Callable[[Any, Any], bool]


def obj(*needed: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    properties = {name: TEXT | {"required": name in needed} for name in needed + optional}
    return {"type": "object", "properties": properties}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def columns(**types: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"required": True, "name": name} | type_ for name, type_ in types.items()]


def tensor(dtype: str, *shape: int) -> list[dict[str, Any]]:
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}]


def row(**values: Any) -> list[Body]:
    """One row by name, in the forms that say which row and which column a value is of."""
    return [
        body("dataframe_split", dataframe_split={"columns": [*values], "data": [[*values.values()]]}),
        body("dataframe_records", dataframe_records=[values]),
        body("inputs, records", inputs=[values]),
    ]


def positions(*values: Any) -> list[Body]:
    """One row by position."""
    return [body("dataframe_split", dataframe_split={"data": [[*values]]}), body("inputs", inputs=[[*values]])]


def zeros(*shape: int) -> list[Body]:
    return [body("inputs", inputs=np.zeros(shape).tolist()), body("instances", instances=np.zeros(shape).tolist())]


# the old inputs, the new ones, a call that fits the old, and the level of the change
CASES: dict[str, tuple[Any, Any, list[Body], str]] = {
    "a new required column": (columns(a=LONG), columns(a=LONG, b=LONG), row(a=5), "breaking"),
    "a new optional column": (columns(a=LONG), columns(a=LONG, b=LONG | {"required": False}), row(a=5), "widened"),
    "a removed column": (columns(a=LONG, b=TEXT), columns(a=LONG), row(a=5, b="x"), "compatible"),
    "a removed last column": ([LONG, LONG], [LONG], positions(5, 6), "compatible"),
    "a new unnamed column": ([LONG], [LONG, LONG], positions(5), "breaking"),
    "optional to required": (
        columns(a=LONG, b=LONG | {"required": False}),
        columns(a=LONG, b=LONG),
        *(row(a=5), "breaking"),
    ),
    "required to optional": (columns(a=LONG), columns(a=LONG | {"required": False}), row(a=5), "widened"),
    "a new required property": (
        columns(a=array(obj("b"))),
        columns(a=array(obj("b", "c"))),
        *(row(a=[{"b": "x"}]), "breaking"),
    ),
    "a new optional property": (
        columns(a=array(obj("b"))),
        columns(a=array(obj("b", optional=("c",)))),
        *(row(a=[{"b": "x"}]), "widened"),
    ),
    "a removed property": (
        columns(a=array(obj("b", optional=("c",)))),
        columns(a=array(obj("b"))),
        *(row(a=[{"b": "x", "c": "y"}]), "breaking"),
    ),
    "a renamed column": (columns(a=LONG), columns(b=LONG), row(a=5), "breaking"),
    "a length to any": (tensor("float32", 2, 3), tensor("float32", -1, 3), zeros(2, 3), "widened"),
    "any to a length": (tensor("float32", -1, 3), tensor("float32", 2, 3), zeros(5, 3), "breaking"),
    "another rank": (tensor("float32", -1, 3), tensor("float32", -1), zeros(2, 3), "breaking"),
    "a wider dtype and another length": (tensor("int8", -1, 3), tensor("int64", -1, 4), zeros(2, 3), "breaking"),
    "a tensor of anything": (tensor("float32", -1, 3), tensor("object", -1), zeros(2, 3), "widened"),
}


def schema(written: list[dict[str, Any]]) -> Any:
    from mlflow.types.schema import Schema

    return Schema.from_json(json.dumps(written))


@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(("old", "new", "call", "level"), CASES.values(), ids=CASES)
def test_the_scoring_server_refuses_an_old_call_just_where_the_change_is_breaking(
    old: Any, new: Any, call: list[Body], level: str
) -> None:
    found = compare(Signature.from_mlmodel({"inputs": old}), Signature.from_mlmodel({"inputs": new}))
    before, after = (ScoringEndpoint(side) for side in (old, new))

    assert found.level == level
    assert [bool(asyncio.run(before.read(each))) for each in call] == [True] * len(call)
    assert [bool(asyncio.run(after.read(each))) for each in call] == [level != "breaking"] * len(call)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_signature_is_written_as_mlflow_writes_it(drawn: Any, data: st.DataObject) -> None:
    from mlflow.models.signature import ModelSignature

    written = data.draw(drawn.signatures.filter(lambda found: any(found.values())))
    theirs, ours = ModelSignature.from_dict(written), Signature.from_mlmodel(written)

    assert ours is not None
    sides = {"inputs": theirs.inputs, "outputs": theirs.outputs, "params": theirs.params}
    assert ours.to_json() == {name: found and json.loads(found.to_json()) for name, found in sides.items()}
    assert Signature.from_mlmodel(theirs.to_dict()) == ours


INFERRED = {
    "a table": pd.DataFrame({"a": [1], "b": [0.5], "c": ["x"], "d": [True], "e": pd.to_datetime(["2026-03-01"])}),
    "numbered columns": pd.DataFrame([[1, "x"]]),
    "a matrix": np.zeros((2, 3), np.float32),
    "named tensors": {"x": np.zeros((2, 3)), "y": np.array(["a"])},
    "messages": {"messages": [{"role": "user", "content": "x"}, {"role": "user", "content": "y", "name": "z"}]},
    "null": {"a": None, "b": [{"c": [1]}, {"d": 0.5}]},
    "texts": ["x", "y"],
    "one text": "x",
}


@pytest.mark.parametrize("data", INFERRED.values(), ids=INFERRED)
@pytest.mark.filterwarnings("ignore:Hint. Inferred schema contains integer column:UserWarning")
def test_whatever_mlflow_infers_can_be_read_and_is_compatible_with_itself(data: Any) -> None:
    from mlflow.models import infer_signature

    written = infer_signature(data, data, {"t": 0.5, "stop": ["x"], "more": {"k": 1}}).to_dict()
    signature = Signature.from_mlmodel(written)

    assert signature is not None
    assert {row.side for row in signature.rows()} == {"inputs", "outputs", "params"}
    assert compare(signature, Signature.from_mlmodel(written)).changes == ()


@pytest.mark.parametrize(
    "written",
    [
        columns(messages=array(obj("role", "content", optional=("name",)))),
        columns(a=LONG, b=DOUBLE, c=TEXT, d=ANY, e={"type": "map", "values": array(DOUBLE)}),
        columns(query=TEXT, history=array(array(obj("a")))),
    ],
)
def test_mlflow_accepts_the_example_of_a_side(accepts: Accepts, written: list[dict[str, Any]]) -> None:
    signature = Signature.from_mlmodel({"inputs": written})

    assert signature is not None
    assert signature.inputs is not None
    assert accepts(pd.DataFrame([example(signature.inputs)]), schema(written))


def test_mlflow_refuses_the_plain_text_and_accepts_what_the_explanation_says_to_pass(accepts: Accepts) -> None:
    written = columns(messages=array(obj("role", "content")))
    signature = Signature.from_mlmodel({"inputs": written})
    assert signature is not None
    assert signature.inputs is not None
    explained = explain_column("messages", signature.inputs.fields[0], "Hello").splitlines()[1]
    code = explained.partition("pandas.DataFrame(")[2].removesuffix(")")

    assert not accepts(pd.DataFrame({"messages": ["Hello"]}), schema(written))
    assert accepts(pd.DataFrame(json.loads(code)), schema(written))


def test_none_of_it_imports_mlflow_or_pandas() -> None:
    names = "import sys, model_ops.signatures.compatibility, model_ops.signatures.conformance; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", names], check=True, capture_output=True, text=True).stdout.split()

    assert "model_ops.signatures.conformance" in loaded
    assert not {"mlflow", "pandas", "numpy", "databricks", "pulumi"} & set(loaded)
