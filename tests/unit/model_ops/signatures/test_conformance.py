"""Requests and answers against a side, in every layout that the scoring server has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_ops.signatures import Side, Signature
from model_ops.signatures.conformance import example, explain_column, mismatches

TEXT, LONG, DOUBLE = ({"type": name} for name in ("string", "long", "double"))
MESSAGE = {"type": "object", "properties": {"role": TEXT, "content": TEXT}}
HELLO = "Hello, how can I assist you today?"
GOOD = [{"role": "user", "content": HELLO}]


def side(*fields: dict[str, Any]) -> Side:
    signature = Signature.from_mlmodel({"inputs": list(fields)})
    assert signature is not None
    assert signature.inputs is not None
    return signature.inputs


CHAT = side({"name": "messages", "type": "array", "items": MESSAGE, "required": True})
TABLE = side({"name": "a", "type": "long"}, {"name": "b", "type": "string", "required": False})
ANSWERS = side(TEXT)
PAIRS = side(LONG, TEXT)
TENSOR = side({"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}})
TENSORS = side({"name": "x", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}})

FITTING: list[tuple[Side, Any]] = [
    (CHAT, {"messages": GOOD}),
    (CHAT, {"messages": GOOD, "temperature": 0.5}),
    (CHAT, {"inputs": {"messages": GOOD}, "params": {"stop": []}}),
    (CHAT, {"instances": [{"messages": GOOD}]}),
    (CHAT, {"dataframe_split": {"columns": ["messages"], "data": [[GOOD], [GOOD]]}}),
    (CHAT, {"dataframe_records": [{"messages": GOOD}, {"messages": []}]}),
    (TABLE, {"a": 1}),
    (TABLE, {"inputs": {"a": [1, 2], "b": ["x", None]}}),
    (TABLE, {"predictions": [{"a": 1, "b": None}, {"a": 2, "other": []}]}),
    (ANSWERS, ["yes"]),
    (ANSWERS, "yes"),
    (ANSWERS, {"predictions": ["yes", "no"]}),
    (ANSWERS, {"predictions": [{"0": "yes"}]}),
    (PAIRS, [[1, "x"], [2, "y"]]),
    (PAIRS, {"dataframe_split": {"columns": ["any", "names"], "data": [[1, "x"]]}}),
    (PAIRS, {"dataframe_records": [{"any": 1, "names": "x", "more": 0}]}),
    (TENSOR, {"inputs": [[1, 0.5], [2, 1]]}),
    (TENSOR, {"dataframe_split": {"data": [[1, 0.5]]}}),
    (TENSORS, {"instances": [{"x": 1}, {"x": 2}]}),
    (TENSORS, {"inputs": {"x": [1, 2, 3]}}),
    (TENSORS, [1, 2]),
    (side({"name": "inputs", "type": "string"}), {"inputs": "x"}),
    (side({"name": "a", "type": "map", "values": LONG}), {"a": {"k": 1}}),
    (side({"name": "a", "type": "any", "required": True}), {"a": None}),
    (side({"name": "a", "type": "datetime"}, {"name": "b", "type": "binary"}), {"a": "2026-03-01T12:00Z", "b": "aGk="}),
]


@pytest.mark.parametrize(("expected", "value"), FITTING)
def test_each_layout_of_the_scoring_server_fits(expected: Side, value: Any) -> None:
    assert mismatches(value, expected) == ()


MISFITS: list[tuple[Side, Any, tuple[str, ...]]] = [
    (CHAT, {"messages": HELLO}, ("messages is a plain text: 'Hello, how can …'; expected array<object>",)),
    (CHAT, {}, ("messages is missing; expected array<object>",)),
    (CHAT, {"messages": [GOOD]}, ("messages[0] is a list of 1; expected object",)),
    (CHAT, {"inputs": {"messages": [{"role": 1}]}}, ("inputs.messages[0].role is the number 1; expected string",)),
    (
        CHAT,
        {"messages": [{**GOOD[0], "x": 1}]},
        ("messages[0].x is not in the signature; expected content, role alone",),
    ),
    (CHAT, {"dataframe_records": [{}]}, ("dataframe_records[0].messages is missing; expected array<object>",)),
    (CHAT, {"inputs": [1]}, ("inputs[0] is the number 1; expected array<object>",)),
    (CHAT, {"dataframe_split": 3}, ("dataframe_split is the number 3; expected array<object>",)),
    (TABLE, {"a": None}, ("a is null; expected long",)),
    (TABLE, {"a": True}, ("a is true; expected long",)),
    (TABLE, {"a": 1.5}, ("a is the number 1.5; expected long",)),
    (TABLE, {"a": 2**63}, (f"a is the number {2**63}; expected long",)),
    (TABLE, "x", ("the value is a plain text: 'x'; expected named columns: a, b",)),
    (TABLE, {"predictions": ["x"]}, ("predictions is a list of 1; expected named columns: a, b",)),
    (ANSWERS, {"predictions": [1]}, ("predictions[0] is the number 1; expected string",)),
    (ANSWERS, {"error": "x"}, ("the value is an object with error; expected string",)),
    (PAIRS, [[1]], ("[0].1 is missing; expected string",)),
    (TENSOR, [[1, 2, 3]], ("[0] is a list of 3; expected a list of length 2 in a tensor float32 [-1, 2]",)),
    (TENSOR, [["x", 2]], ("[0][0] is a plain text: 'x'; expected float32",)),
    (TENSORS, {"y": [1]}, ("x is missing; expected tensor int64 [-1]",)),
    (side({"name": "a", "type": "datetime"}), {"a": "soon"}, ("a is a plain text: 'soon'; expected datetime",)),
    (side({"name": "a", "type": "binary"}), {"a": "no!"}, ("a is a plain text: 'no!'; expected binary",)),
    (side({"name": "a", "type": "integer"}), {"a": 2**31}, (f"a is the number {2**31}; expected integer",)),
]


@pytest.mark.parametrize(("expected", "value", "sentences"), MISFITS)
def test_what_does_not_fit_is_named_with_what_was_found_and_what_was_expected(
    expected: Side, value: Any, sentences: tuple[str, ...]
) -> None:
    found = mismatches(value, expected)

    assert set(sentences) <= set(found)
    assert all("expected" in sentence for sentence in found)


@settings(deadline=None)
@given(st.data())
def test_the_example_of_a_side_fits_it_bare_and_in_each_wrapper(drawn: Any, data: st.DataObject) -> None:
    expected = side(*data.draw(drawn.sides))
    made = example(expected)

    assert json.loads(json.dumps(made)) == made
    for body in (made, {"inputs": made}, {"predictions": made}):
        assert mismatches(body, expected) == ()


@settings(deadline=None)
@given(st.data())
def test_an_example_without_one_of_its_required_columns_does_not_fit(drawn: Any, data: st.DataObject) -> None:
    expected = side(*data.draw(drawn.named_columns), {"name": "brand new", "type": "long"})
    made = {name: value for name, value in example(expected).items() if name != "brand new"}

    assert "brand new is missing; expected long" in mismatches(made, expected)


def test_the_example_of_a_chat_is_a_message_as_clients_write_it() -> None:
    assert json.dumps(example(CHAT)) == '{"messages": [{"role": "user", "content": "Hello!"}]}'
    assert example(ANSWERS) == ["Hello!"]


def test_a_plain_text_for_messages_is_explained_with_the_code_that_keeps_it() -> None:
    assert explain_column("messages", CHAT.fields[0], HELLO).splitlines() == [
        "messages is a plain text: 'Hello, how can …'; expected array<object>, a list of objects with role, content. "
        "Pass instead",
        f'  in a DataFrame: pandas.DataFrame({{"messages": [[{{"role": "user", "content": "{HELLO}"}}]]}})',
        f'  in a row of JSON lines or a request: {{"messages": [{{"role": "user", "content": "{HELLO}"}}]}}',
    ]


def test_a_document_in_place_of_messages_is_not_shown_whole() -> None:
    assert len(explain_column("messages", CHAT.fields[0], "word " * 10_000)) < 1000


@pytest.mark.parametrize("found", [GOOD, GOOD[0], json.dumps(GOOD), json.dumps(GOOD[0])])
def test_what_needs_but_a_list_around_it_or_is_json_is_kept(found: Any) -> None:
    line = explain_column("messages", CHAT.fields[0], found).splitlines()[-1]

    assert json.loads(line.partition("request: ")[2]) == {"messages": GOOD}


def test_what_cannot_be_kept_is_replaced_by_an_example_in_python_where_it_is_python() -> None:
    flags = side({"name": "a", "type": "array", "items": {"type": "boolean"}})
    message = explain_column("a", flags.fields[0], 5)

    assert "a is the number 5; expected array<boolean>." in message
    assert 'pandas.DataFrame({"a": [[True]]})' in message
    assert message.endswith('{"a": [true]}')
