"""What others let slip into a run, a version or a message stands in no form of a review."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from model_ops.cli.output import plain
from model_ops.report.review_page import review_page
from model_ops.review import facts
from model_ops.review.comment import comment
from model_ops.review.withheld import withheld
from tests.unit.model_ops.review import changes

SECRETS = [
    "dapi" + "0123456789abcdef" * 2,
    "ghp_" + "a1B2c3D4e5" * 4,
    "AccountKey=" + "aB3+" * 20 + "==",
    "https://user:hunter22@pypi.example/simple",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_credential_stands_in_no_form_of_a_review(secret: str) -> None:
    review = withheld(changes.review(said=f"see {secret} there"))
    for text in (comment(review), json.dumps(plain(review)), review_page(review)):
        assert secret not in text
        assert "hunter22" not in text
        assert "there" in text


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("openai_api_key", "letmein", "…"),
        ("salt", "kJ8sPq2LmZ9xVb4TnR7wYc3Hd6Gf1Aa5", "…"),
        ("learning_rate", "0.1", "0.1"),
        ("data_sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", None),
    ],
)
def test_a_parameter_that_is_called_or_looks_like_a_secret_has_no_value(name: str, value: str, shown: str) -> None:
    found = facts.Difference(name=name, before=None, after=value)
    evidence = replace(changes.evidence(), parameters=(found,))
    assert withheld(evidence).parameters[0].after == (value if shown is None else shown)
    assert withheld(evidence).to.run_id == changes.evidence().to.run_id
