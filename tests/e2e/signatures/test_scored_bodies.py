"""The rule of what breaks an endpoint's clients, from bodies that are sent to MLflow's own scoring server.

The clients of a type have every body that its server takes and whose value its model reads as it was sent. A change of
type breaks them where the new server refuses one of these bodies, or where its model reads another value.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import pandas as pd
import pytest

from model_ops.signatures import Signature
from model_ops.signatures.compatibility import compare
from model_ops.signatures.conversions import BELOW, COLUMNS, PARAMETERS, TENSORS, Conversions
from model_ops.signatures.fit import type_mismatches
from tests.unit.model_ops.signatures.conftest import THIRD_PARTY_NOISE
from tests.unit.model_ops.signatures.scoring_endpoint import Body, Reading, ScoringEndpoint
from tests.unit.model_ops.signatures.sent_bodies import (
    Forms,
    body,
    by_name,
    by_position,
    data_as_sent,
    first,
    measured,
    of_column,
    of_tensor,
    of_unnamed_tensor,
    parameter_as_sent,
    plain,
)

pytestmark = [pytest.mark.usefixtures("serving"), pytest.mark.filterwarnings(THIRD_PARTY_NOISE)]

Written: TypeAlias = dict[str, Any]


def column(type_: Written, *, required: bool = True) -> list[Written]:
    return [{"name": "a", "required": required} | type_]


def tensor(dtype: str, **name: str) -> list[Written]:
    return [{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, 2]}} | name]


def rows(table: Conversions, types: Sequence[str]) -> dict[str, frozenset[str]]:
    """The table with a row for each type, also for one that is read as nothing else."""
    return {name: table.get(name, frozenset()) for name in types}


# What clients send: something usual, and what shows where a type ends. JSON's own numbers are exact up to 2**53.
SCALARS: dict[str, list[Any]] = {
    "boolean": [True, False],
    "integer": [42, 2**31 - 1],
    "long": [42, 2**53 - 1],
    "float": [42, 0.1],
    "double": [42, 0.1],
    "string": ["x", "42"],
    "datetime": ["2026-03-01T12:00:00"],
    "binary": ["SGVsbG8h"],
}
DTYPES: dict[str, list[Any]] = {
    "bool": [True],
    "int8": [5, -5],
    "uint8": [5, 200],
    "int16": [5, -(2**15)],
    "int32": [-7, 2**31 - 1],
    "uint32": [42, 2**32 - 1],
    "int64": [42, 2**53 - 1],
    "float32": [42, 0.1],
    "float64": [42, 0.1],
    "str": ["x"],
    "object": ["x", 0.5],
    "datetime64[ns]": ["2026-03-01T12:00:00"],
}
DEFAULTS = {name: values[0] for name, values in SCALARS.items() if name != "binary"}  # MLflow has no such parameter


@pytest.mark.parametrize("forms", [of_column, by_position])
def test_a_column_is_read_as_another_type_just_where_the_table_says_so(forms: Forms) -> None:
    named = {} if forms is by_position else {"name": "a"}
    endpoints = {name: ScoringEndpoint([{"type": name, "required": True} | named]) for name in SCALARS}

    assert measured(endpoints, SCALARS, forms, data_as_sent) == rows(COLUMNS, [*SCALARS])


INNER: dict[str, tuple[Callable[[Written], Written], Callable[[Any], Any]]] = {
    "items": (lambda type_: {"type": "array", "items": type_}, lambda value: [value]),
    "values": (lambda type_: {"type": "map", "values": type_}, lambda value: {"k": value}),
    "properties": (
        lambda type_: {"type": "object", "properties": {"k": type_ | {"required": True}}},
        lambda value: {"k": value},
    ),
}


@pytest.mark.parametrize(("write", "wrap"), INNER.values(), ids=INNER)
def test_below_a_column_nothing_is_read_as_another_type(write: Any, wrap: Any) -> None:
    endpoints = {name: ScoringEndpoint(column(write({"type": name}))) for name in SCALARS}
    found = measured(endpoints, SCALARS, lambda value: by_name(wrap(value)), data_as_sent)

    # Of the other types JSON has no value there that MLflow would take.
    assert found == rows(BELOW, ["boolean", "long", "double", "string"])


@pytest.mark.parametrize("listed", [False, True])
def test_a_parameter_is_read_as_another_type_just_where_the_table_says_so(listed: bool) -> None:
    def parameter(name: str) -> list[Written]:
        default = [DEFAULTS[name]] if listed else DEFAULTS[name]
        return [{"name": "p", "type": name, "default": default, "shape": [-1] if listed else None}]

    def forms(value: Any) -> Iterator[Body]:
        yield body("params", inputs={"a": ["x"]}, params={"p": [value] if listed else value})

    endpoints = {name: ScoringEndpoint(column({"type": "string"}), parameter(name)) for name in DEFAULTS}
    assert measured(endpoints, SCALARS, forms, parameter_as_sent) == rows(PARAMETERS, [*DEFAULTS])


def test_a_tensor_is_read_with_another_dtype_just_where_the_table_says_so() -> None:
    named, unnamed = (
        measured({dtype: ScoringEndpoint(tensor(dtype, **name)) for dtype in DTYPES}, DTYPES, forms, data_as_sent)
        for forms, name in ((of_tensor, {"name": "a"}), (of_unnamed_tensor, {}))
    )
    # One table is enough for both: they differ where an unnamed tensor of moments comes as a table, and is no text.
    assert {dtype: named[dtype] & unnamed[dtype] for dtype in DTYPES} == rows(TENSORS, [*DTYPES])


@pytest.mark.parametrize("forms", [of_column, by_position])
def test_forty_two_for_a_long_is_read_as_a_double_in_every_form(forms: Forms) -> None:
    named = {} if forms is by_position else {"name": "a"}
    endpoint = ScoringEndpoint([{"type": "double", "required": True} | named])
    sent = [*forms(42)]
    readings = [asyncio.run(endpoint.read(each)) for each in sent]

    assert len(sent) >= 7
    assert [reading and first(plain(reading.data)) for reading in readings] == [42.0] * len(sent)
    assert all(isinstance(first(plain(reading.data)), float) for reading in readings if reading)


def array(items: Written) -> Written:
    return {"type": "array", "items": items}


def map_of(values: Written) -> Written:
    return {"type": "map", "values": values}


def obj(**properties: Written) -> Written:
    return {"type": "object", "properties": {name: {"required": True} | each for name, each in properties.items()}}


LONG, DOUBLE, TEXT, ANY = ({"type": name} for name in ("long", "double", "string", "any"))
VECTOR = {"type": "sparkml_vector"}
MAYBE = LONG | {"required": False}
# a type, and what clients send for it
SHAPES: dict[str, tuple[Written, list[Any]]] = {
    "long": (LONG, [42]),
    "double": (DOUBLE, [0.5, 42]),
    "string": (TEXT, ["x"]),
    "any": (ANY, [42, "x", [1], {"k": 1}, None]),
    "longs": (array(LONG), [[42, 43], []]),
    "doubles": (array(DOUBLE), [[0.5], []]),
    "texts": (array(TEXT), [["x"], []]),
    "anything in a list": (array(ANY), [[42, "x"], [], None]),
    "lists": (array(array(LONG)), [[[42]], []]),
    "a vector": (VECTOR, [[0.5], []]),
    "longs by key": (map_of(LONG), [{"k": 42}, {"j": 42}, {}]),
    "texts by key": (map_of(TEXT), [{"k": "x"}, {}]),
    "anything by key": (map_of(ANY), [{"k": 42}, {"j": "x"}, {}]),
    "an object": (obj(k=LONG), [{"k": 42}]),
    "an object that may be empty": (obj(k=MAYBE), [{"k": 42}, {"k": None}, {}]),
    "a longer object": (obj(k=LONG, m=TEXT), [{"k": 42, "m": "x"}]),
    "an object that may be longer": (obj(k=LONG, m=TEXT | {"required": False}), [{"k": 42, "m": "x"}, {"k": 42}]),
    "objects": (array(obj(k=LONG)), [[{"k": 42}], []]),
}


@pytest.mark.parametrize("required", [True, False])
def test_the_rule_breaks_between_two_types_just_where_the_server_does(required: bool) -> None:
    sides = {name: column(type_, required=required) for name, (type_, _) in SHAPES.items()}
    signatures = {name: Signature.from_mlmodel({"inputs": side}) for name, side in sides.items()}
    values = {name: [*sent, *([] if required else [None])] for name, (_, sent) in SHAPES.items()}

    def judge(old: str, new: str, sent: Any, reading: Reading) -> bool:
        read, [field] = plain(reading.data), signatures[new].inputs.fields
        return bool(read == sent) and not any(type_mismatches("", read, field.type, required=required))

    def forms(value: Any) -> Iterator[Body]:
        return itertools.islice(by_name(value), 1, 3)

    kept = measured({name: ScoringEndpoint(side) for name, side in sides.items()}, values, forms, judge)
    levels = {(old, new): compare(signatures[old], signatures[new]).level for old in sides for new in sides}
    ruled = {old: frozenset(new for new in sides if new != old and levels[old, new] != "breaking") for old in sides}
    if not required:  # the rule says no more of a property than that it may be null, which such a map takes
        assert "longs by key" in kept["an object that may be empty"] - ruled["an object that may be empty"]
        kept["an object that may be empty"] -= {"longs by key"}
    assert kept == ruled


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        *[("long", "integer", 42), ("double", "long", 42), ("double", "float", 0.1)],
        ("string", "datetime", pd.Timestamp("2026-03-01T12:00:00")),
    ],
)
def test_who_reads_the_old_answers_reads_those_of_a_narrower_type(old: str, new: str, answer: Any) -> None:
    before, after = (Signature.from_mlmodel({"outputs": column({"type": name})}) for name in (old, new))
    endpoint = ScoringEndpoint(column(TEXT), answer=pd.DataFrame({"a": [answer]}))
    asyncio.run(endpoint.read(body("a question", inputs={"a": ["x"]})))

    assert endpoint.answered == {"predictions": [{"a": json.loads(json.dumps(answer, default=str).replace(" ", "T"))}]}
    assert [*type_mismatches("a", endpoint.answered["predictions"][0]["a"], before.outputs.fields[0].type)] == []
    assert (compare(before, after).level, compare(after, before).level) == ("compatible", "breaking")
