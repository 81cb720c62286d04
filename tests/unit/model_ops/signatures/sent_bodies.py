"""What clients send to an endpoint, in each form, and whether the model behind it reads what they meant."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from tests.unit.model_ops.signatures.scoring_endpoint import CSV, Body, Reading, ScoringEndpoint

Forms: TypeAlias = Callable[[Any], Iterator[Body]]
Judge: TypeAlias = Callable[[str, str, Any, Reading], bool]


def body(form: str, **content: Any) -> Body:
    return Body(form, json.dumps(content))


def by_name(value: Any) -> Iterator[Body]:
    """A value of the column `a`, as a row."""
    yield body("dataframe_split", dataframe_split={"columns": ["a"], "data": [[value]]})
    yield body("dataframe_records", dataframe_records=[{"a": value}])
    yield body("inputs, records", inputs=[{"a": value}])
    yield body("instances, records", instances=[{"a": value}])


def of_column(value: Any) -> Iterator[Body]:
    """The same, and what can hold plain values alone."""
    yield from by_name(value)
    yield body("inputs, a column", inputs={"a": [value]})
    yield body("inputs, a value", inputs={"a": value})
    yield body("inputs, a list", inputs=[value])
    yield Body("CSV", f"a\n{value}\n", CSV)


def by_position(value: Any) -> Iterator[Body]:
    """A value of the only column, which has no name."""
    yield body("dataframe_split", dataframe_split={"data": [[value]]})
    yield body("dataframe_records", dataframe_records=[{"0": value}])
    yield body("inputs, rows", inputs=[[value]])
    yield body("inputs, a list", inputs=[value])
    yield body("instances, rows", instances=[[value]])
    yield body("instances, a list", instances=[value])
    yield Body("CSV", f"0\n{value}\n", CSV)


def of_tensor(value: Any) -> Iterator[Body]:
    yield body("inputs", inputs={"a": [[value, value]]})
    yield body("dataframe_records", dataframe_records=[{"a": [value, value]}])


def of_unnamed_tensor(value: Any) -> Iterator[Body]:
    yield body("inputs", inputs=[[value, value]])
    yield body("dataframe_split", dataframe_split={"data": [[value, value]]})


def plain(value: Any) -> Any:
    """What a model read, as Python's own values."""
    if isinstance(value, pd.DataFrame):
        value = value["a" if "a" in value else value.columns[0]].iloc[0]
    if isinstance(value, np.ndarray | np.generic):
        # Of nanoseconds NumPy makes whole numbers, of microseconds moments.
        value = (value.astype("datetime64[us]") if value.dtype.kind == "M" else value).tolist()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def first(value: Any) -> Any:
    """The first plain value in it."""
    while isinstance(value, list | dict):
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return value


def data_as_sent(old: str, new: str, sent: Any, reading: Reading) -> bool:
    return means_the_same(old, new, sent, first(plain(reading.data)))


def parameter_as_sent(old: str, new: str, sent: Any, reading: Reading) -> bool:
    return means_the_same(old, new, sent, first(reading.params["p"]))


KINDS: dict[str, Any] = {
    **dict.fromkeys(("boolean", "bool"), bool),
    **dict.fromkeys(("string", "str"), str),
    **dict.fromkeys(("datetime", "datetime64[ns]"), datetime),
    **{"binary": bytes, "object": object},
}
"""What a value is for the model that reads it; a number where nothing stands."""


def means_the_same(old: str, new: str, sent: Any, read: Any) -> bool:
    """Say whether a model that declares `new` read what a client of `old` meant by what it sent."""
    kind = KINDS.get(new, int | float)
    if not isinstance(read, kind) or (kind is bool and not isinstance(sent, bool)):  # any number is read as true
        return False
    wanted = sent
    if old == "binary":
        wanted = base64.b64decode(sent)
    elif KINDS.get(old) is datetime and kind not in {str, object}:
        wanted = datetime.fromisoformat(sent)
    if old in {"float", "float32"} and isinstance(read, float):
        return abs(read - sent) <= 1e-7 * abs(sent)  # a float is no more exact
    return bool(read == wanted)


def measured(
    endpoints: Mapping[str, ScoringEndpoint], values: Mapping[str, Sequence[Any]], forms: Forms, judge: Judge
) -> dict[str, frozenset[str]]:
    """The conversions by what the servers do; a type of which no body can be sent is left out."""
    return asyncio.run(_Measuring(endpoints, values, forms, judge).all())


@dataclass(frozen=True)
class _Measuring:
    endpoints: Mapping[str, ScoringEndpoint]
    values: Mapping[str, Sequence[Any]]
    forms: Forms
    judge: Judge

    async def all(self) -> dict[str, frozenset[str]]:
        found = {}
        for old in self.endpoints:
            sent = [(value, each) for value in self.values[old] for each in self.forms(value)]
            if clients := [one for one in sent if await self._keeps(old, old, [one])]:
                others = [new for new in self.endpoints if new != old and await self._keeps(old, new, clients)]
                found[old] = frozenset(others)
        return found

    async def _keeps(self, old: str, new: str, bodies: Sequence[tuple[Any, Body]]) -> bool:
        """Say whether the server of `new` reads every body of `old` as it was sent."""
        for sent, each in bodies:
            reading = await self.endpoints[new].read(each)
            if reading is None or not self.judge(old, new, sent, reading):
                return False
        return True
