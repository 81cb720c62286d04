"""What a person types becomes a request that MLflow's scoring server takes, whatever the signature."""

from __future__ import annotations

import json
from typing import Any

import pytest

from model_ops.errors import RequestError
from model_ops.proving.request import Takes
from model_ops.signatures.conformance import mismatches
from model_ops.signatures.signature import Signature

MESSAGE = {"content": {"type": "string", "required": True}, "role": {"type": "string", "required": True}}
CHAT = [
    {
        "name": "messages",
        "type": "array",
        "items": {"type": "object", "properties": MESSAGE},
        "required": True,
    }
]
FRAUD = [
    {"name": "amount", "type": "double", "required": True},
    {"name": "count", "type": "long", "required": True},
    {"name": "abroad", "type": "boolean", "required": True},
    {"name": "note", "type": "string", "required": False},
    {"name": "when", "type": "datetime", "required": False},
    {"name": "items", "type": "array", "items": {"type": "string"}, "required": False},
]
TEXT = [{"name": "sentence", "type": "string", "required": True}]
UNNAMED = [{"type": "double", "required": True}, {"type": "string", "required": True}]
IMAGE = [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]
TENSORS = [{"name": "x", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]
PARAMS = [{"name": "temperature", "type": "double", "default": 0.1, "shape": None}]


def takes(inputs: list[dict[str, Any]], params: list[dict[str, Any]] | None = None) -> Takes:
    written = {"inputs": json.dumps(inputs), "params": json.dumps(params) if params else None}
    return Takes(label="Version 7 of bot", signature=Signature.from_mlmodel(written))


HI = {"messages": [{"role": "user", "content": "hi there"}]}


@pytest.mark.parametrize(
    ("inputs", "words", "request_"),
    [
        (CHAT, ["hi there"], HI),
        (CHAT, ["hi", "there"], HI),
        (CHAT, ["messages=hi there"], HI),
        (CHAT, [json.dumps(HI)], HI),
        (CHAT, ["a=b means what?"], {"messages": [{"role": "user", "content": "a=b means what?"}]}),
        (CHAT, ["7 or 6?"], {"messages": [{"role": "user", "content": "7 or 6?"}]}),
        (TEXT, ["hi there"], {"dataframe_records": [{"sentence": "hi there"}]}),
        (TEXT, ["sentence=a=b"], {"dataframe_records": [{"sentence": "a=b"}]}),
        (
            FRAUD,
            ["amount=-5", "count=3", "abroad=True", 'items=["a"]', "note=12"],
            {"dataframe_records": [{"amount": -5.0, "count": 3, "abroad": True, "items": ["a"], "note": "12"}]},
        ),
        (
            FRAUD,
            ['{"amount": 1.5, "count": 1, "abroad": false}'],
            {"dataframe_records": [{"amount": 1.5, "count": 1, "abroad": False}]},
        ),
        (FRAUD, ['[{"amount": 1}, {"amount": 2}]'], {"dataframe_records": [{"amount": 1}, {"amount": 2}]}),
        (FRAUD, ['{"inputs": [1]}'], {"inputs": [1]}),
        (UNNAMED, ["0=0.5", "1=a"], {"dataframe_split": {"data": [[0.5, "a"]]}}),
        (IMAGE, ["0=[[1, 2]]"], {"inputs": [[1, 2]]}),
        (IMAGE, ["[[1, 2]]"], {"inputs": [[1, 2]]}),
        (TENSORS, ["x=[1, 2]"], {"inputs": {"x": [1, 2]}}),
    ],
)
def test_what_is_typed_becomes_a_request(inputs: list[dict[str, Any]], words: list[str], request_: Any) -> None:
    assert takes(inputs).request(words) == request_


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (CHAT, ["hi"]),
        (TEXT, ["hi"]),
        (FRAUD, ["amount=1", "count=3", "abroad=no".replace("no", "false"), "when=2026-03-01T12:00:00"]),
        (UNNAMED, ["0=1", "1=a"]),
        (IMAGE, ["0=[[1, 2], [3, 4]]"]),
        (TENSORS, ["x=[1]"]),
    ],
)
def test_the_request_fits_the_signature(inputs: list[dict[str, Any]], words: list[str]) -> None:
    takes_ = takes(inputs)
    assert takes_.signature is not None
    assert takes_.signature.inputs is not None
    assert mismatches(takes_.request(words), takes_.signature.inputs) == ()


def test_a_parameter_goes_beside_the_row_and_of_a_chat_into_it() -> None:
    assert takes(TEXT, PARAMS).request(["sentence=hi", "temperature=0.5"]) == {
        "dataframe_records": [{"sentence": "hi"}],
        "params": {"temperature": 0.5},
    }
    assert takes(CHAT, PARAMS).request(["messages=hi there", "temperature=0.5"]) == {**HI, "temperature": 0.5}
    assert takes(TEXT, PARAMS).body({"sentence": "hi", "temperature": 1}) == {
        "dataframe_records": [{"sentence": "hi"}],
        "params": {"temperature": 1},
    }


@pytest.mark.parametrize(
    ("inputs", "words", "said"),
    [
        (FRAUD, ["is", "it?"], "Version 7 of bot takes no question. It takes amount (double), count (long), abroad"),
        (FRAUD, ["amuont=5"], "Version 7 of bot has no field amuont. It takes amount (double), "),
        (CHAT, ["mesages=hi"], "Version 7 of bot has no field mesages. It takes messages (array<object>)."),
        (FRAUD, ["amount=5"], "Version 7 of bot also needs count, abroad. It takes "),
        (FRAUD, ["amount=much"], "amount is a plain text: 'much'; expected double. Type, for example, amount=0.5."),
        (FRAUD, ["amount=nan"], "expected double. Type, for example, amount=0.5."),
        (FRAUD, ["count=1.5"], "expected long. Type, for example, count=1."),
        (FRAUD, ["abroad=yes"], "expected boolean. Type, for example, abroad=true."),
        (FRAUD, ["items=a"], "Type, for example, items='[\"a\"]'."),
        (IMAGE, ["0=1"], "Type, for example, 0="),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence_with_what_to_type(
    inputs: list[dict[str, Any]], words: list[str], said: str
) -> None:
    with pytest.raises(RequestError) as refused:
        takes(inputs).request(words)
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")


def test_of_many_fields_a_few_are_named() -> None:
    many = [{"name": f"f{at}", "type": "double", "required": True} for at in range(40)]
    with pytest.raises(RequestError, match=r"f11 \(double\) and 28 more\."):
        takes(many).request(["nothing=1"])


def test_without_a_signature_a_question_is_asked_as_of_a_chat_and_json_goes_as_it_is() -> None:
    unknown = Takes(label="Version 7 of bot", signature=None)
    assert unknown.request(["hi there"]) == HI
    assert unknown.request(['{"x": 1}']) == {"x": 1}
