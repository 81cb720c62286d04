"""What a change costs a month, by list prices: an estimate between bounds, or the words that a price is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from model_ops.review.reading import Reading
from model_ops.review.review import Amount, Cost, ModelCost

NOTHING = Amount(least=0, most=0)
SIZE = "Small"
"""What the program makes an endpoint with that says nothing of its size."""
UNSET = ("endpoint.workloadSize", "endpoint.workloadType", "endpoint.scaleToZero", "endpoint.concurrency.min")
"""What an endpoint keeps as it is where no stack says it."""


@dataclass(frozen=True)
class Prices:
    """The price table, as prices.yaml has it."""

    table: Mapping[str, Any]

    def version(self, settings: Mapping[str, Any]) -> Amount | None:
        """What one deployed version costs a month with these settings; None where a price is not known."""
        units = self._units(settings)
        if units is None:
            return None
        factor = self.table["price_per_dbu"] * self.table["hours_a_month"]
        sleeps = settings.get("endpoint.scaleToZero") is True
        return Amount(least=0 if sleeps else units.least * factor, most=units.most * factor)

    def _units(self, settings: Mapping[str, Any]) -> Amount | None:
        """DBU an hour."""
        kind = settings.get("endpoint.workloadType") or "CPU"
        size = settings.get("endpoint.workloadSize") or SIZE
        if settings.get("endpoint.throughput.max") is not None:
            return None
        if (most := settings.get("endpoint.concurrency.max")) is not None:
            each = self.table["cpu"]["per_concurrency"] if kind == "CPU" else None
            return each and Amount(least=settings.get("endpoint.concurrency.min", 0) * each, most=most * each)
        if kind == "CPU":
            return Amount(**self.table["cpu"][size])
        known = self.table["gpu"].get(kind)
        return Amount(least=known["dbu"], most=known["dbu"]) if known and size == SIZE else None


@cache
def prices() -> Prices:
    """Read the price table that comes with this package."""
    text = files("model_ops.review").joinpath("prices.yaml").read_text(encoding="utf-8")
    return Prices(YAML(typ="safe", pure=True).load(text))


def cost(before: Reading, after: Reading, models: Iterable[str], table: Prices | None = None) -> Cost | None:
    """Estimate what `models` cost on both sides; None where neither side deploys any of them."""
    table = table or prices()
    found = tuple(each for name in models if (each := _model(before, after, name, table)))
    if not found:
        return None
    return Cost(
        before=_sum(each.before for each in found),
        after=_sum(each.after for each in found),
        models=found,
        currency=table.table["currency"],
        source=table.table["source"],
        as_of=str(table.table["as_of"]),
    )


def _model(before: Reading, after: Reading, name: str, table: Prices) -> ModelCost | None:
    sides = [_side(side, name, table) for side in (before, after)]
    if all(side == NOTHING for side in sides):
        return None
    return ModelCost(model=name, before=sides[0], after=sides[1], remarks=tuple(_remarks(after, name, sides[1])))


def _side(side: Reading, name: str, table: Prices) -> Amount | None:
    pinned = side.pinned(name)
    count = len(pinned.deployed) if pinned else 0
    if not count:
        return NOTHING
    each = table.version(side.models[name])
    return each and Amount(least=each.least * count, most=each.most * count)


def _remarks(after: Reading, name: str, amount: Amount | None) -> Iterator[str]:
    pinned, settings = after.pinned(name), after.models.get(name, {})
    if pinned is None or not pinned.deployed:
        return
    if amount is None:
        kind = settings.get("endpoint.workloadType") or "provisioned throughput"
        yield f"the price of {kind} in this size is not in the table"
        return
    if (count := len(pinned.deployed)) > 1:
        yield f"{count} versions are deployed side by side, and each has machines of its own"
    if settings.get("endpoint.scaleToZero") is True:
        yield "at least nothing, while nobody asks: it scales to zero; at most all month"
    if all(settings.get(name) is None for name in UNSET):
        yield "the file leaves size and sleep as they are: taken as Small, and never asleep"


def _sum(amounts: Iterable[Amount | None]) -> Amount | None:
    """The sum; None where one of them is not known, for a sum without it would pass for the whole."""
    total = NOTHING
    for each in amounts:
        if each is None:
            return None
        total = Amount(least=total.least + each.least, most=total.most + each.most)
    return total
