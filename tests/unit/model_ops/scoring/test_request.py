from pathlib import Path

import pytest

from model_ops.errors import RowsError
from model_ops.scoring.request import frame, typed
from model_ops.scoring.rows import Batch
from model_ops.signatures.mlmodel import read_side

INPUTS = read_side(
    "inputs",
    [
        {"name": "age", "type": "integer"},
        {"name": "score", "type": "float"},
        {"name": "tags", "type": "array", "items": {"type": "string"}},
        {"name": "note", "type": "string", "required": False},
    ],
).fields
SOURCE = Path("in.csv")


def batch(*records, text=True):
    return Batch(records=list(records), lines=[n + 2 for n in range(len(records))], text=text)


def test_a_model_is_asked_with_its_own_columns_in_their_types():
    rows = typed(batch({"id": "007", "age": "7", "score": "0.5", "tags": '["a"]'}), INPUTS, SOURCE)
    assert rows == [{"id": "007", "age": 7, "score": 0.5, "tags": ["a"]}]
    asked = frame(rows, INPUTS)
    assert asked.dtypes.astype(str).to_dict() == {"age": "int32", "score": "float32", "tags": "object"}


def test_what_a_model_does_to_its_request_does_not_reach_the_rows():
    rows = typed(batch({"age": 7, "score": 0.5, "tags": ["a"]}, text=False), INPUTS, SOURCE)
    frame(rows, INPUTS)["tags"][0].append("b")
    assert rows[0]["tags"] == ["a"]


def test_columns_without_names_are_taken_by_position():
    inputs = read_side("inputs", [{"type": "long"}, {"type": "string"}]).fields
    assert frame(typed(batch({"a": "1", "b": "2", "c": "3"}), inputs, SOURCE), inputs).to_dict("list") == {
        "a": [1],
        "b": ["2"],
    }


def test_without_a_signature_a_model_is_asked_with_all_columns():
    assert frame(typed(batch({"a": 1, "b": [2]}, text=False), (), SOURCE), ()).to_dict("list") == {"a": [1], "b": [[2]]}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"id": "1", "age": "1"},
            r"line 2: there is no column score.*wants age, score, tags, note; found id, age",
        ),
        ({"age": "x", "score": "1", "tags": "[]"}, "line 2: age is a plain text: 'x'; expected integer"),
        ({"age": "1", "score": "1", "tags": "[1]"}, r"line 2: tags\[0\] is the number 1; expected string"),
    ],
)
def test_a_row_that_does_not_fit_is_told_with_its_place(record, reason):
    with pytest.raises(RowsError, match=reason):
        typed(batch(record), INPUTS, SOURCE)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("long", 10**30), ("datetime", "0001-01-01T00:00:00"), ("datetime", "9999-12-31T23:00:00-05:00")],
)
def test_a_value_out_of_its_types_range_is_refused_by_the_name_of_its_column(kind, value):
    inputs = read_side("inputs", [{"name": "at", "type": kind}]).fields
    with pytest.raises(RowsError, match=r"at"):
        frame(typed(batch({"at": value}, text=False), inputs, SOURCE), inputs)
