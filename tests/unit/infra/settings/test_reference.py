"""The generated page has every key of the schema, and says of each what it means and what holds without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from infra.settings import (
    budget_schema,
    create_schema,
    endpoint_schema,
    network_schema,
    platform_schema,
    policy_schema,
    schema,
    search_schema,
    secret_scope,
)
from infra.settings.frozen import Frozen
from infra.settings.reference import LEFT_OUT, meanings, reference

PAGE = Path(__file__).parents[4] / "docs" / "settings.md"
MODULES = (
    schema,
    budget_schema,
    create_schema,
    endpoint_schema,
    network_schema,
    platform_schema,
    policy_schema,
    search_schema,
    secret_scope,
)
MODELS = sorted(
    {
        each
        for module in MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each is not Frozen
    },
    key=lambda model: model.__name__,
)


def test_the_page_is_what_the_schema_says_now() -> None:
    assert PAGE.read_text() == reference(), "docs/settings.md is stale: make docs"


@pytest.mark.parametrize("model", MODELS)
def test_every_key_says_what_it_means(model: type[Frozen]) -> None:
    assert set(meanings(model)) == set(model.model_fields)


@pytest.mark.parametrize("model", MODELS)
def test_a_key_without_a_value_says_what_holds_when_it_is_left_out(model: type[Frozen]) -> None:
    silent = {name for name, field in model.model_fields.items() if not field.is_required() and field.default is None}
    said = {name for name, text in meanings(model).items() if LEFT_OUT in text}
    assert silent - said == set()


def test_every_key_is_in_the_page() -> None:
    keys = {str(field.alias) for model in MODELS for field in model.model_fields.values()}
    cells = {line.split("`")[1].removeprefix("rollpin:") for line in PAGE.read_text().splitlines() if line[:3] == "| `"}
    assert keys - cells == set()
