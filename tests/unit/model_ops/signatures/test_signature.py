"""A signature as it is read, written and shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_ops.errors import SignatureError
from model_ops.signatures import Row, Signature

MESSAGE = {
    "type": "object",
    "properties": {"role": {"type": "string", "required": True}, "content": {"type": "string", "required": False}},
}
CHAT = {
    "inputs": json.dumps([{"type": "array", "items": MESSAGE, "name": "messages", "required": True}]),
    "outputs": '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]',
    "params": '[{"name": "stop", "default": ["é"], "shape": [-1], "type": "string"}]',
}


def test_the_table_shows_every_field_however_deep_it_stands() -> None:
    signature = Signature.from_mlmodel(CHAT)

    assert signature is not None
    assert signature.rows() == (
        Row(side="inputs", path="messages", type="array<object>", required=True),
        Row(side="inputs", path="messages[].content", type="string", required=False),
        Row(side="inputs", path="messages[].role", type="string", required=True),
        Row(side="outputs", path="0", type="tensor float32 [-1, 3]", required=True),
        Row(side="params", path="stop", type="array<string>", required=False, default='["é"]'),
    )


@pytest.mark.parametrize("mapping", [None, {}, {"inputs": None, "outputs": None, "params": None}, {"inputs": ""}])
def test_a_model_without_any_side_has_no_signature(mapping: dict[str, Any] | None) -> None:
    assert Signature.from_mlmodel(mapping) is None


def test_sides_that_are_absent_are_none() -> None:
    signature = Signature.from_mlmodel({"inputs": '[{"type": "long"}]', "outputs": None})

    assert signature is not None
    assert (signature.outputs, signature.params) == (None, None)
    assert signature.to_json() == {"inputs": [{"type": "long", "required": True}], "outputs": None, "params": None}


@pytest.mark.parametrize(
    ("written", "required"),
    [
        ({"type": "long"}, True),
        ({"type": "any"}, False),
        ({"type": "long", "optional": True}, False),
        ({"type": "array", "items": {"type": "long"}, "required": True}, True),
    ],
)
def test_a_column_that_does_not_say_so_is_required_where_mlflow_says_it_is(
    written: dict[str, Any], required: bool
) -> None:
    signature = Signature.from_mlmodel({"inputs": [written | {"name": "a"}]})

    assert signature is not None
    assert [row.required for row in signature.rows()] == [required]


def test_columns_that_pandas_numbers_go_by_their_number_as_a_text() -> None:
    signature = Signature.from_mlmodel(
        {"inputs": '[{"type": "long", "name": 0}, {"type": "long", "name": ["a", "b"]}]'}
    )

    assert signature is not None
    assert [row.path for row in signature.rows()] == ["0", json.dumps(json.dumps(["a", "b"]))]


def test_names_that_read_like_paths_are_quoted_so_that_no_two_fields_have_one_path() -> None:
    inner = {"type": "object", "properties": {"b": {"type": "long"}}}
    signature = Signature.from_mlmodel({"inputs": [inner | {"name": "a"}, {"type": "long", "name": "a.b"}]})

    assert signature is not None
    assert [row.path for row in signature.rows()] == ["a", "a.b", '"a.b"']


NEST = '{"type": "array", "items": '
UNREADABLE = {
    "no JSON": ("[{", "it is no JSON text"),
    "no list": ('{"type": "long"}', "expected a list of fields"),
    "nothing in it": ("[]", "expected a list of fields"),
    "a field that is no object": ('["long"]', "inputs 0 cannot be read"),
    "another type": ('[{"name": "a", "type": "strnig"}]', 'inputs a cannot be read: its type is "strnig"'),
    "no type": ('[{"name": "a"}]', "inputs a cannot be read: its type is null"),
    "no items": ('[{"name": "a", "type": "array"}]', r"inputs a\[\] cannot be read"),
    "no values": ('[{"name": "a", "type": "map"}]', r"inputs a\{\} cannot be read"),
    "no properties": ('[{"name": "a", "type": "object", "properties": {}}]', "inputs a cannot be read"),
    "a bad property": ('[{"name": "a", "type": "object", "properties": {"b": 1}}]', r"inputs a\.b cannot be read"),
    "no shape": ('[{"type": "tensor", "tensor-spec": {"dtype": "float32"}}]', "expected a dtype and a shape"),
    "half a shape": (
        '[{"type": "tensor", "tensor-spec": {"dtype": "int8", "shape": [0.5]}}]',
        "a shape of whole numbers",
    ),
    "a name for some": ('[{"type": "long"}, {"type": "long", "name": "a"}]', "some have none"),
    "columns and tensors": (
        '[{"type": "long"}, {"type": "tensor", "tensor-spec": {"dtype": "int8", "shape": []}}]',
        "columns and tensors",
    ),
    "a name that stands twice": (
        '[{"type": "long", "name": "a"}, {"type": "any", "name": "a"}]',
        "a stands there twice",
    ),
    "too deep": (f"[{NEST * 100_000}", "it is no JSON text"),
    "deeper than types can be": (
        f"[{NEST * 60}0{'}' * 60}]",
        "inputs 0 cannot be read: more than 50 types stand in each other",
    ),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_side_that_cannot_be_read_is_refused_with_the_place_and_the_remedy(text: str, message: str) -> None:
    with pytest.raises(SignatureError, match=message) as refusal:
        Signature.from_mlmodel({"inputs": text})

    assert str(refusal.value).endswith("Log the model again, with a signature from `mlflow.models.infer_signature`.")


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "a", "type": "long"},
        {"name": "a", "type": "array", "items": {"type": "long"}, "default": []},
        {"name": "a", "type": "long", "default": 1, "shape": [2]},
        "a",
    ],
)
def test_a_parameter_that_mlflow_does_not_write_is_refused(parameter: Any) -> None:
    with pytest.raises(SignatureError, match="params"):
        Signature.from_mlmodel({"params": [parameter]})


@settings(deadline=None)
@given(st.data())
def test_what_is_written_again_reads_as_the_same_signature(drawn: Any, data: st.DataObject) -> None:
    signature = Signature.from_mlmodel(data.draw(drawn.signatures))
    written = signature.to_json() if signature else None

    assert Signature.from_mlmodel(written) == signature
    assert json.loads(json.dumps(written)) == written
    paths = [(row.side, row.path) for row in (signature.rows() if signature else ())]
    assert len(set(paths)) == len(paths)
