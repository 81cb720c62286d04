"""The evaluator of GitHub's expressions keeps to what GitHub documents."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.e2e.delivery.expressions import ExpressionError, Scope

CONTEXTS = {
    "github": {"event_name": "push", "ref": "refs/heads/main", "event": {"number": 7}},
    "inputs": {"stack": "test", "break-glass": True, "empty": ""},
    "needs": {"up": {"result": "success", "outputs": {"stacks": '["test", "prod"]'}}},
    "fruits": [{"name": "apple", "n": 1}, {"name": "orange", "n": 2}, {"n": 3}],
}


def value(text: str, status: str = "success") -> Any:
    return Scope(CONTEXTS, status).value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        ("0xff", 255),
        ("-9.2", -9.2),
        ("-2.99e-2", -0.0299),
        ("'It''s open source!'", "It's open source!"),
        ("github.event.number", 7),
        ("github['event']['number']", 7),
        ("github.event.no.such.thing", None),
        ("inputs.break-glass", True),
        ("fruits[1].name", "orange"),
        ("fruits[9]", None),
        ("fruits.*.name", ["apple", "orange"]),
        ("!true || 1 < 2", True),
        ("(1 == 2 || 2 == 2) && 'yes'", "yes"),
        ("github.event_name == 'PUSH'", True),
        ("inputs.stack && format('[{0}]', toJSON(inputs.stack)) || '[]'", '["test"]'),
        ("inputs.empty || 'other'", "other"),
        ("true && '' || 'both'", "both"),
        ("null == 0", True),
        ("true == 1", True),
        ("'3' > 2", True),
        ("'abc' > 2", False),
        ("'' == 0", True),
        ("contains('Hello world', 'llO')", True),
        ("contains(fromJSON('[1, 2]'), '2')", True),
        ("startsWith('refs/heads/main', 'Refs/')", True),
        ("endsWith('a.yml', '.YML')", True),
        ("format('{{Hello {0} {1}!}}', 'a', true)", "{Hello a true!}"),
        ("join(fruits.*.name, ', ')", "apple, orange"),
        ("fromJSON(needs.up.outputs.stacks)[1]", "prod"),
    ],
)
def test_a_value_is_the_one_that_github_documents(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_nan_is_not_true() -> None:
    assert math.isnan(value("NaN"))
    assert value("NaN || 'not'") == "not"


@pytest.mark.parametrize(
    "text",
    ["hashFiles('**/x')", "secret.token", "1 +2", "(1", "github.", "a b", "format('{1}', 'a')", "fromJSON('[')", '"a"'],
)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        (None, {"success"}),
        ("inputs.stack == 'test'", {"success"}),
        ("${{ inputs.stack == 'prod' }}", set()),
        ("!cancelled() && inputs.stack == 'test'", {"success", "failure"}),
        ("${{ always() }}", {"success", "failure", "cancelled"}),
        ("failure()", {"failure"}),
        ("false && always()", set()),
    ],
)
def test_a_condition_holds_only_after_success_unless_it_says_otherwise(condition: str | None, held: set[str]) -> None:
    found = {status for status in ("success", "failure", "cancelled") if Scope(CONTEXTS, status).condition(condition)}
    assert found == held


def test_texts_are_filled_and_an_expression_that_stands_alone_keeps_its_kind() -> None:
    filled = Scope(CONTEXTS).filled(
        {"a": "deploy-${{ inputs.stack }}", "b": ["${{ fruits }}"], "c": "${{ null }}!", "d": 3}
    )
    assert filled == {"a": "deploy-test", "b": [CONTEXTS["fruits"]], "c": "!", "d": 3}


def test_what_a_user_wrote_is_not_evaluated_again() -> None:
    assert Scope({"title": "${{ github.token }}"}).filled("${{ title }} x") == "${{ github.token }} x"
