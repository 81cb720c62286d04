"""Which values are cut out of what others wrote."""

from __future__ import annotations

import pulumi
import pytest

from infra.proof.hidden_values import HiddenValues


def of(**variables: str) -> HiddenValues:
    return HiddenValues.of({"config": {"served_entities": [{"environment_vars": variables}]}})


def test_both_spellings_are_found_wherever_they_are() -> None:
    provider = {"config": {"servedEntities": [{"environmentVars": {"A": "alpha-1"}}]}}
    workspace = {"pending_config": {"served_entities": [{"environment_vars": {"B": "beta-2"}}]}}

    assert HiddenValues.of(provider, workspace, None).cut("alpha-1 beta-2") == "(not shown) (not shown)"


@pytest.mark.parametrize(
    ("value", "written", "left"),
    [
        ("hunter2", "password=hunter2;", "password=(not shown);"),
        ("-----KEY\nabcdef\n", "line abcdef", "line (not shown)"),
        ("-----KEY\nabcdef", "-----KEY\nabcdef", "(not shown)"),
        ("1", "RERANK=1, line 12", "RERANK=(not shown), line 12"),
        ("a.c*", "abc a.c*", "abc (not shown)"),
        ("", "nothing to cut", "nothing to cut"),
        ("  ", "a  b", "a  b"),
    ],
)
def test_a_value_is_cut_whole_and_line_by_line(value: str, written: str, left: str) -> None:
    assert of(NAME=value).cut(written) == left


def test_a_longer_value_goes_before_one_that_it_holds() -> None:
    assert of(A="abcd", B="abcdefgh").cut("abcdefgh") == "(not shown)"


@pytest.mark.parametrize(
    ("value", "unknown"), [("{{secrets/bots/key}}", True), ("{{ secrets/bots/key }}", True), ("k", False)]
)
def test_a_reference_stands_for_a_value_that_is_not_known(value: str, unknown: bool) -> None:
    found = of(NAME=value)

    assert found.unknown is unknown
    assert (value in found.known) is not unknown


def test_what_holds_no_variables_cuts_nothing() -> None:
    assert HiddenValues.of(None, {}, {"config": None}, {"environment_vars": pulumi.UNKNOWN}) == HiddenValues(
        frozenset(), False
    )
