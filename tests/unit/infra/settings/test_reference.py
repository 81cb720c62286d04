"""The generated page has every key of the schema, and says of each what it means and what holds without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.settings.frozen import Frozen
from infra.settings.reference import LEFT_OUT, SECTIONS, meanings, reference
from infra.settings.schema import Common
from tests.unit.infra.settings.mappings import mappings

PAGE = Path(__file__).parents[4] / "docs" / "settings.md"
MODELS = mappings()


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


def test_every_mapping_with_keys_has_its_section() -> None:
    # What models have in common is explained with a model, and above all sections.
    several = {model for model in MODELS if len(model.model_fields) > 1} - {Common}
    assert several <= {section.model for section in SECTIONS} <= set(MODELS)


def test_every_key_is_in_the_page() -> None:
    keys = {str(field.alias) for model in MODELS for field in model.model_fields.values()}
    cells = {line.split("`")[1].removeprefix("rollpin:") for line in PAGE.read_text().splitlines() if line[:3] == "| `"}
    assert keys - cells == set()
