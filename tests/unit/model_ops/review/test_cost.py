"""What a change costs a month: between bounds where it sleeps, a multiple where versions stand side by side."""

from __future__ import annotations

from typing import Any

import pytest

from model_ops.review.cost import cost, prices
from model_ops.review.first_screen import priced
from model_ops.review.reading import Reading


def reading(**settings: Any) -> Reading:
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return Reading(models={"bot": {"catalog": "prod", "schema": "rag", "servedVersion": 7, **named}})


def said(before: Reading, after: Reading) -> str:
    found = cost(before, after, ["bot"])
    assert found is not None
    return priced(found)


def test_a_change_of_version_alone_costs_the_same() -> None:
    assert said(reading(), reading(servedVersion=6)) == "≈ 200 USD a month by list prices, as before"


def test_a_standby_has_machines_of_its_own() -> None:
    assert said(reading(), reading(warmVersions=[6])).startswith("≈ 200 → ≈ 410 USD")


def test_what_scales_to_zero_costs_at_least_nothing() -> None:
    assert said(reading(), reading(endpoint__scaleToZero=True)).startswith("≈ 200 → ≈ 0 to 200 USD")


def test_a_size_that_grows_by_itself_costs_from_its_least_to_its_most() -> None:
    assert "→ ≈ 410 to 820 USD" in said(reading(), reading(endpoint__workloadSize="Medium"))


def test_what_is_retired_costs_nothing_any_more() -> None:
    assert said(reading(), reading(retired=True)).startswith("≈ 200 → ≈ 0 USD")


@pytest.mark.parametrize("settings", [{"endpoint__workloadType": "GPU_XLARGE"}, {"endpoint__throughput__max": 9500}])
def test_a_price_that_is_not_in_the_table_is_said_and_not_guessed(settings: dict[str, Any]) -> None:
    assert said(reading(), reading(**settings)) == "not known: a price is not in the table"


def test_the_table_says_where_it_is_from_and_of_when() -> None:
    table = prices().table
    assert str(table["source"]).startswith("https://")
    assert len(str(table["as_of"])) == len("2026-01-01")


def test_a_model_that_neither_side_deploys_costs_nothing_to_say() -> None:
    assert cost(Reading(), Reading(models={"bot": {}}), ["bot"]) is None
