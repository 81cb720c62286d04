from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_ops.secret_reference import NAME, SecretReference, in_entities, in_environment, parse

NAMES = st.from_regex(rf"\A{NAME}\Z")


@given(NAMES, NAMES)
def test_a_reference_is_read_as_it_is_written(scope: str, key: str) -> None:
    reference = SecretReference(scope, key)
    assert parse(str(reference)) == reference


@pytest.mark.parametrize("value", ["", "plain", "{{secret/a/b}}", "{secrets/a/b}"])
def test_plain_text_is_no_reference(value: str) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    "value", ["x{{secrets/a/b}}", "{{secrets/a/b}}x", "{{secrets/a}}", "{{secrets/a/b/c}}", "{{secrets/a b/c}}"]
)
def test_what_only_begins_like_one_is_said_to_be_misspelt_without_being_shown(value: str) -> None:
    with pytest.raises(ValueError, match="beside other text, or a misspelt one") as caught:
        parse(value)
    assert value not in str(caught.value)
    assert in_environment({"A": value}) == {}


def test_the_references_of_entities_are_given_once_each() -> None:
    entities = [
        {"environment_vars": {"A": "{{secrets/s/b}}", "B": "plain", "C": "{{secrets/s/a}}"}},
        {"environment_vars": {"A": "{{secrets/s/b}}"}},
        {"environment_vars": None},
        {},
    ]
    assert in_entities(entities) == [SecretReference("s", "a"), SecretReference("s", "b")]
