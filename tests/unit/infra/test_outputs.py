"""The generated page of outputs is what the program says of them now."""

from pathlib import Path

from infra.outputs import page

PAGE = Path(__file__).parents[3] / "docs" / "outputs.md"


def test_the_page_is_what_the_program_says_now() -> None:
    assert PAGE.read_text() == page(), "docs/outputs.md is stale: make docs"
