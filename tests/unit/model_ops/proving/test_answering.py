"""Which version answered: by the endpoint's own names, and by what a served entity's name tells."""

from __future__ import annotations

import pytest

from model_ops.proving.answer import answering_version

NAMES = {6: "churn-6", 7: "night", 8: "churn-v8", 9: "churn-v6"}


@pytest.mark.parametrize(
    ("served_by", "version"),
    [
        ("churn-6", 6),
        ("night", 7),
        ("churn-v8", 8),
        ("churn-v6", 9),
        ("churn-v5", 5),
        ("day", None),
        ("", None),
    ],
)
def test_a_served_entity_is_known_by_the_endpoints_names_first(served_by: str, version: int | None) -> None:
    assert answering_version(served_by, NAMES) == version
