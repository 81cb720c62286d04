"""The generated page has every rule, as the rulebook has it now."""

from __future__ import annotations

from pathlib import Path

from policy.reference import reference
from policy.rulebook import NAMES

PAGE = Path(__file__).parents[3] / "docs/policy.md"


def test_the_page_is_what_the_rules_say_now() -> None:
    assert PAGE.read_text() == reference(), "docs/policy.md is stale: make docs"
    assert [name for name in NAMES if f"| `{name}` |" not in PAGE.read_text()] == []
