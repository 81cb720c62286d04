"""The rule, line by line, and what holds for any two signatures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_ops.signatures import Signature
from model_ops.signatures.compatibility import Change, compare

LONG, DOUBLE, TEXT, MOMENT, ANY = ({"type": name} for name in ("long", "double", "string", "datetime", "any"))
NEW = "brand new"  # no drawn name has a space


def named(**types: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"required": True, "name": name} | type_ for name, type_ in types.items()]


def optional(type_: dict[str, Any]) -> dict[str, Any]:
    return type_ | {"required": False}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def obj(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def tensor(dtype: str, *shape: int) -> list[dict[str, Any]]:
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}]


def param(type_: str, default: Any, shape: list[int] | None = None) -> list[dict[str, Any]]:
    return [{"name": "p", "type": type_, "default": default, "shape": shape}]


def changes(side: str, old: Any, new: Any) -> list[tuple[str, str, str]]:
    before, after = Signature.from_mlmodel({side: old}), Signature.from_mlmodel({side: new})
    found = compare(before, after).changes
    assert {change.side for change in found} <= {side}
    return [(change.path, change.kind, change.level) for change in found]


# what changes: old, new, path, kind, level as inputs, level as outputs
RULE: dict[str, tuple[Any, Any, str, str, str, str]] = {
    "the side is lost": (named(a=LONG), None, "", "removed", "breaking", "breaking"),
    "the side is new": (None, named(a=LONG), "", "added", "breaking", "widened"),
    "named to unnamed": (named(a=LONG), [LONG], "", "form", "breaking", "breaking"),
    "columns to tensors": ([LONG], tensor("int64", -1), "", "form", "breaking", "breaking"),
    "a new required field": (named(a=LONG), named(a=LONG, b=TEXT), "b", "added", "breaking", "widened"),
    "a new optional field": (named(a=LONG), named(a=LONG, b=optional(TEXT)), "b", "added", "widened", "widened"),
    "a removed field": (named(a=LONG, b=TEXT), named(a=LONG), "b", "removed", "compatible", "breaking"),
    "a removed last one": ([LONG, TEXT], [LONG], "1", "removed", "compatible", "breaking"),
    "required to optional": (named(a=LONG), named(a=optional(LONG)), "a", "required", "widened", "breaking"),
    "optional to required": (named(a=optional(LONG)), named(a=LONG), "a", "required", "breaking", "compatible"),
    "a changed type": (named(a=LONG), named(a=TEXT), "a", "type", "breaking", "breaking"),
    "a number in a list": (named(a=array(LONG)), named(a=array(DOUBLE)), "a[]", "type", "breaking", "breaking"),
    "a narrower number in a list": (
        named(a=array(DOUBLE)),
        named(a=array(LONG)),
        *("a[]", "type", "breaking", "compatible"),
    ),
    "string to datetime": (named(a=TEXT), named(a=MOMENT), "a", "type", "breaking", "compatible"),
    "a type to any": (named(a=LONG), named(a=ANY), "a", "type", "widened", "breaking"),
    "any to a type": (named(a=ANY), named(a=LONG), "a", "type", "breaking", "compatible"),
    "an item's type": (named(a=array(array(LONG))), named(a=array(array(TEXT))), "a[][]", "type", *2 * ["breaking"]),
    "a value's type": (
        named(a={"type": "map", "values": LONG}),
        named(a={"type": "map", "values": ANY}),
        *("a{}", "type", "widened", "breaking"),
    ),
    "a vector to a list": (
        named(a={"type": "sparkml_vector"}),
        named(a=array(DOUBLE)),
        *("a", "type", "compatible", "breaking"),
    ),
    "an object to a map": (
        named(a=obj(b=LONG)),
        named(a={"type": "map", "values": LONG}),
        *("a", "type", "widened", "breaking"),
    ),
    "an object to a map of other types": (
        named(a=obj(b=LONG, c=TEXT)),
        named(a={"type": "map", "values": LONG}),
        *("a", "type", "breaking", "breaking"),
    ),
    "a new required property": (
        named(a=array(obj(b=LONG))),
        named(a=array(obj(b=LONG, c=LONG))),
        *("a[].c", "added", "breaking", "widened"),
    ),
    "a new optional property": (
        named(a=obj(b=LONG)),
        named(a=obj(b=LONG, c=optional(LONG))),
        *("a.c", "added", "widened", "widened"),
    ),
    "a removed property": (
        named(a=obj(b=LONG, c=optional(LONG))),
        named(a=obj(b=LONG)),
        *("a.c", "removed", "breaking", "breaking"),
    ),
    "a fixed length to any": (tensor("int8", 2, 3), tensor("int8", -1, 3), "0", "shape", "widened", "breaking"),
    "any length to a fixed one": (tensor("int8", -1, 3), tensor("int8", 2, 3), "0", "shape", "breaking", "compatible"),
    "both at once": (tensor("int8", -1, 3), tensor("int8", 2, -1), "0", "shape", "breaking", "breaking"),
    "another length": (tensor("int8", -1, 3), tensor("int8", -1, 4), "0", "shape", "breaking", "breaking"),
    "another rank": (tensor("int8", -1, 3), tensor("int8", -1), "0", "shape", "breaking", "breaking"),
    "a wider dtype": (tensor("float32", -1), tensor("float64", -1), "0", "type", "widened", "breaking"),
    "a narrower dtype": (tensor("float64", -1), tensor("float32", -1), "0", "type", "breaking", "compatible"),
    "a dtype of true and false": (tensor("bool", -1), tensor("float64", -1), "0", "type", "widened", "breaking"),
    "numbers as true and false": (tensor("float64", -1), tensor("bool", -1), "0", "type", "breaking", "breaking"),
    "a wider dtype and another length": (
        tensor("float32", -1, 3),
        tensor("float64", -1, 4),
        *("0", "type", "breaking", "breaking"),
    ),
    "a tensor of anything": (tensor("float32", -1, 3), tensor("object", -1), "0", "type", "widened", "breaking"),
} | {
    f"{old} to {new}": (named(a={"type": old}), named(a={"type": new}), "a", "type", "widened", "breaking")
    for old, new in [
        *[("integer", "long"), ("integer", "double"), ("long", "double"), ("float", "double")],
        *[("boolean", "long"), ("boolean", "double"), ("datetime", "string")],
    ]
}
for old, new, answers in [
    *[("long", "integer", "compatible"), ("double", "long", "compatible"), ("double", "float", "compatible")],
    *[("integer", "float", "breaking"), ("long", "float", "breaking"), ("long", "string", "breaking")],
    *[("double", "boolean", "breaking"), ("binary", "string", "breaking")],
]:
    RULE[f"{old} to {new}"] = (named(a={"type": old}), named(a={"type": new}), "a", "type", "breaking", answers)


@pytest.mark.parametrize(("old", "new", "path", "kind", "inputs", "outputs"), RULE.values(), ids=RULE)
def test_each_line_of_the_rule_names_its_field_and_level(
    old: Any, new: Any, path: str, kind: str, inputs: str, outputs: str
) -> None:
    assert changes("inputs", old, new) == [(path, kind, inputs)]
    assert changes("outputs", old, new) == [(path, kind, outputs)]


PARAMS: dict[str, tuple[Any, Any, list[tuple[str, str, str]]]] = {
    "a new one": (None, param("long", 1), [("p", "added", "widened")]),
    "a removed one": (param("long", 1), None, [("p", "removed", "breaking")]),
    "another default": (param("long", 1), param("long", 2), [("p", "default", "compatible")]),
    "true is not one": (param("string", True), param("string", 1), [("p", "default", "compatible")]),
    "a promotion": (param("long", 1), param("double", 1), [("p", "type", "widened")]),
    "a promotion in a list": (param("long", [], [-1]), param("double", [], [-1]), [("p[]", "type", "widened")]),
    "Python's own number": (param("long", 1), param("integer", 1), [("p", "type", "compatible")]),
    "a moment to a text": (param("datetime", None), param("string", None), [("p", "type", "widened")]),
    "another type": (param("double", 1), param("long", 1), [("p", "type", "breaking")]),
    "another item": (param("string", [], [-1]), param("long", [], [-1]), [("p[]", "type", "breaking")]),
    "one to a list": (param("long", None), param("long", None, [-1]), [("p", "shape", "breaking")]),
    "a property gone": (
        [{"name": "p", "default": {}, **obj(a=LONG, b=LONG)}],
        [{"name": "p", "default": {}, **obj(a=LONG)}],
        [("p.b", "removed", "breaking")],
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), PARAMS.values(), ids=PARAMS)
def test_each_change_of_a_parameter_has_its_level(old: Any, new: Any, expected: list[tuple[str, str, str]]) -> None:
    assert changes("params", old, new) == expected


def test_the_order_of_named_columns_says_nothing_and_that_of_unnamed_ones_does() -> None:
    assert changes("inputs", named(a=LONG, b=TEXT), named(b=TEXT, a=LONG)) == []
    assert changes("inputs", [LONG, TEXT], [TEXT, LONG]) == [("0", "type", "breaking"), ("1", "type", "breaking")]


def test_a_renamed_column_is_one_removed_and_one_added() -> None:
    assert changes("inputs", named(a=LONG), named(b=LONG)) == [
        ("a", "removed", "compatible"),
        ("b", "added", "breaking"),
    ]


def test_a_change_reads_as_a_sentence() -> None:
    change = Change(side="inputs", path="a", kind="added", old=None, new="long (required)", level="breaking")

    assert str(change) == "inputs a: added, absent → long (required) (breaking)"


@settings(deadline=None)
@given(st.data())
def test_a_signature_is_compatible_with_itself_without_any_change(drawn: Any, data: st.DataObject) -> None:
    written = data.draw(drawn.signatures)
    found = compare(Signature.from_mlmodel(written), Signature.from_mlmodel(written))

    assert (found.level, found.changes) == ("compatible", ())


@settings(deadline=None)
@given(st.data())
def test_any_two_signatures_that_differ_in_a_row_have_a_change_and_the_worst_one_counts(
    drawn: Any, data: st.DataObject
) -> None:
    old, new = (Signature.from_mlmodel(data.draw(drawn.signatures)) for _ in range(2))
    found = compare(old, new)

    rows = [set(each.rows()) if each else set() for each in (old, new)]
    assert bool(found.changes) or rows[0] == rows[1]
    levels = {change.level for change in found.changes}
    assert found.level == next((x for x in ("breaking", "widened") if x in levels), "compatible")


@settings(deadline=None)
@given(st.data())
def test_a_new_required_input_breaks_whatever_else_changed(drawn: Any, data: st.DataObject) -> None:
    old, columns = Signature.from_mlmodel(data.draw(drawn.signatures)), data.draw(drawn.named_columns)
    new = Signature.from_mlmodel({"inputs": [*columns, *named(**{NEW: LONG})]})

    assert compare(old, new).level == "breaking"


@settings(deadline=None)
@given(st.data())
def test_a_new_optional_input_widens_and_names_only_itself_and_is_removed_the_other_way(
    drawn: Any, data: st.DataObject
) -> None:
    columns = data.draw(drawn.named_columns)
    new = [*columns, *named(**{NEW: optional(LONG)})]

    assert changes("inputs", columns, new) == [(NEW, "added", "widened")]
    assert changes("inputs", new, columns) == [(NEW, "removed", "compatible")]


@settings(deadline=None)
@given(st.data())
def test_a_removed_output_breaks_and_stays_breaking_whatever_else_changed(drawn: Any, data: st.DataObject) -> None:
    columns, other = data.draw(drawn.named_columns), data.draw(drawn.named_columns)
    old = [*columns, *named(**{NEW: LONG})]

    assert changes("outputs", old, columns) == [(NEW, "removed", "breaking")]
    assert (NEW, "removed", "breaking") in changes("outputs", old, other)


@settings(deadline=None)
@given(st.data())
def test_breaking_changes_are_only_added_to_and_never_hidden_by_more_changes(drawn: Any, data: st.DataObject) -> None:
    old, new = data.draw(drawn.named_columns), data.draw(drawn.named_columns)
    before = set(changes("inputs", old, new))
    after = set(changes("inputs", [*old, *named(**{NEW: LONG})], [*new, *named(**{NEW: TEXT})]))

    assert after == before | {(NEW, "type", "breaking")}
