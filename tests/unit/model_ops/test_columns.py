import pytest

from model_ops.columns import Column, MisfitError, columns

MESSAGES = {
    "type": "array",
    "items": {"type": "object", "properties": {"role": {"type": "string"}, "content": {"type": "string"}}},
}
SEED = [{**MESSAGES, "name": "messages", "required": True}]


def column(kind, **more):
    return Column(name="x", type={"type": kind}, **more)


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
    assert column(kind).read(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "7.5"), ("integer", ""), ("boolean", "yes"), ("datetime", "soon"), ("binary", "?"), ("any", "{")],
)
def test_a_cell_that_is_no_such_thing_is_refused_with_both(kind, text):
    with pytest.raises(MisfitError, match=rf"found .*{'None' if not text else ''}.*, expected {kind}"):
        column(kind).read(text)


def test_an_optional_value_may_be_missing():
    assert column("integer", required=False).read("") is None


def test_times_with_a_zone_are_given_in_utc():
    assert column("datetime").read("2026-03-01T12:00:00+02:00").isoformat() == "2026-03-01T10:00:00"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([{"role": "user"}], r"in \[0\]: found {'role': 'user'}, expected object{role: string, content: string}"),
        ([{"role": "user", "content": 7}], r"in \[0\]: in \.content: found 7, expected string"),
        ([{"role": "user", "content": "a", "more": 1}], r"expected object"),
        ({"role": "user"}, "expected array<object{role: string, content: string}>"),
        (None, "found None"),
    ],
)
def test_a_nested_value_is_checked_to_its_leaves(value, reason):
    [messages] = columns(SEED)
    with pytest.raises(MisfitError, match=reason):
        messages.checked(value)


@pytest.mark.parametrize("way", [Column.read, Column.checked])
def test_text_in_place_of_messages_is_answered_with_what_to_pass(way):
    [messages] = columns(SEED)
    with pytest.raises(MisfitError) as refused:
        way(messages, "Hello, how can I assist you today?")
    assert '[{"role": "user", "content": "Hello, how can I assist you today?"}]' in str(refused.value)
    assert 'pd.DataFrame({"messages": [[{"role": "user", "content": "…"}]]})' in str(refused.value)


def test_a_boolean_is_no_number_and_a_number_no_boolean():
    for kind, value in (("integer", True), ("double", False), ("boolean", 1)):
        with pytest.raises(MisfitError):
            column(kind).checked(value)
