import numpy as np
import pandas as pd
import pytest

from model_ops.errors import ModelError
from model_ops.scoring.predictions import by_column
from model_ops.signatures.field_type import Field, Object, Scalar

ONE = (Field(name=None, type=Scalar(name="string")),)
NAMED = (Field(name="a", type=Scalar(name="double")), Field(name="b", type=Scalar(name="string")))
OBJECT = (Field(name=None, type=Object(properties=(Field(name="a", type=Scalar(name="long")),))),)


@pytest.mark.parametrize(
    ("answer", "outputs", "expected"),
    [
        (["x", "y"], ONE, {"p": ["x", "y"]}),
        (np.array([1.5, np.nan]), (), {"p": [1.5, None]}),
        (np.array([[1, 2], [3, 4]]), (), {"p": [[1, 2], [3, 4]]}),
        (pd.Series(["x", "y"]), (), {"p": ["x", "y"]}),
        (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), (), {"p.a": [1, 2], "p.b": ["x", "y"]}),
        (pd.DataFrame({"b": ["x", "y"], "a": [1, 2]}), NAMED, {"p.a": [1, 2], "p.b": ["x", "y"]}),
        ([{"a": 1}, {"b": 2}], (), {"p.a": [1, None], "p.b": [None, 2]}),
        ([{"a": np.int64(1)}, {"a": 2}], OBJECT, {"p": [{"a": 1}, {"a": 2}]}),
        ({"a": np.array([1, 2]), "b": ["x", "y"]}, NAMED, {"p.a": [1, 2], "p.b": ["x", "y"]}),
        ([[1, "x"], [2, "y"]], NAMED, {"p.a": [1, 2], "p.b": ["x", "y"]}),
        ([1.0, 2.0], NAMED[:1], {"p.a": [1.0, 2.0]}),
        (pd.DataFrame({"0": ["x", "y"]}), ONE, {"p": ["x", "y"]}),
    ],
)
def test_an_answer_becomes_columns_of_plain_values(answer, outputs, expected):
    found = by_column(answer, 2, outputs, "p")
    assert found == expected
    assert {type(value) for values in found.values() for value in values} <= {str, int, float, list, dict, type(None)}


def test_another_number_of_predictions_than_rows_is_refused():
    with pytest.raises(ModelError, match="answered 1 predictions to 2 rows"):
        by_column(["x"], 2, ONE, "p")


def test_an_answer_without_what_the_signature_promises_is_refused():
    with pytest.raises(ModelError, match="answered a, and its signature promises a, b"):
        by_column(pd.DataFrame({"a": [1, 2]}), 2, NAMED, "p")
