from datetime import datetime

import pytest

from model_ops.scoring.columns import MisfitError, checked, read_cell
from model_ops.signatures.mlmodel import read_side

MESSAGES = {
    "type": "array",
    "items": {"type": "object", "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
}


def column(type_, **more):
    return read_side("inputs", [{"name": "x", "required": True, **type_, **more}]).fields[0]


def scalar(kind, **more):
    return column({"type": kind}, **more)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "007", "007"),
        ("string", "", ""),
        ("integer", "7", 7),
        ("double", "7", 7.0),
        ("double", "", None),
        ("boolean", "True", True),
        ("binary", "aGk=", b"hi"),
        ("any", "[1]", [1]),
    ],
)
def test_a_cell_is_read_as_its_type(kind, text, value):
    assert read_cell("x", scalar(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "7.5"), ("integer", ""), ("boolean", "yes"), ("datetime", "soon"), ("binary", "?"), ("any", "{")],
)
def test_a_cell_that_is_no_such_thing_is_refused_with_both(kind, text):
    with pytest.raises(MisfitError, match=rf"x is .*{'null' if not text else ''}.*; expected {kind}"):
        read_cell("x", scalar(kind), text)


def test_an_optional_value_may_be_missing():
    assert read_cell("x", scalar("integer", required=False), "") is None


def test_times_with_a_zone_are_given_in_utc():
    assert read_cell("x", scalar("datetime"), "2026-03-01T12:00:00+02:00") == datetime(2026, 3, 1, 10)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([{"role": "user"}], r"x\[0\]\.content is missing; expected string"),
        ([{"role": "user", "content": 7}], r"x\[0\]\.content is the number 7; expected string"),
        (
            [{"role": "user", "content": "a", "more": 1}],
            r"x\[0\]\.more is not in the signature; expected content, role",
        ),
        ({"role": "user"}, "x is an object with role; expected array<object>"),
        (None, "x is null; expected array<object>"),
    ],
)
def test_a_nested_value_is_checked_to_its_leaves(value, reason):
    with pytest.raises(MisfitError, match=reason):
        checked("x", column(MESSAGES), value)


@pytest.mark.parametrize("way", [read_cell, checked])
def test_text_in_place_of_messages_is_answered_with_what_to_pass(way):
    with pytest.raises(MisfitError) as refused:
        way("messages", column(MESSAGES), "Hello, how can I assist you today?")
    assert '[{"role": "user", "content": "Hello, how can I assist you today?"}]' in str(refused.value)
    assert 'pandas.DataFrame({"messages": [[{"role": "user", "content": "Hello, how' in str(refused.value)


def test_a_boolean_is_no_number_and_a_number_no_boolean():
    for kind, value in (("integer", True), ("double", False), ("boolean", 1)):
        with pytest.raises(MisfitError):
            checked("x", scalar(kind), value)


@pytest.mark.parametrize("kind", ["string", "double", "datetime", "binary"])
def test_what_pandas_can_miss_may_be_missing_though_it_is_required(kind):
    assert checked("x", scalar(kind), None) is None


def test_times_and_bytes_are_read_from_text_however_deep_and_kept_where_python_has_them():
    found = [{"t": "2026-03-01T12:00Z", "b": "aGk=", "s": "aGk="}]
    read = [{"t": datetime(2026, 3, 1, 12), "b": b"hi", "s": "aGk="}]
    kinds = {"t": "datetime", "b": "binary", "s": "string"}
    properties = {name: {"type": kind, "required": True} for name, kind in kinds.items()}
    listed = column({"type": "array", "items": {"type": "object", "properties": properties}})
    assert checked("x", listed, found) == checked("x", listed, read) == read
    assert checked("x", column({"type": "map", "values": {"type": "binary"}}), {"k": "aGk="}) == {"k": b"hi"}


def test_numbers_inside_a_list_are_no_text():
    with pytest.raises(MisfitError, match=r"x\[0\] is a plain text: '7'; expected long"):
        checked("x", column({"type": "array", "items": {"type": "long"}}), ["7"])
