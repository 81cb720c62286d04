"""The generated page says what the commands say."""

from pathlib import Path

from model_ops.cli import COMMANDS
from model_ops.cli.reference import reference

PAGE = Path(__file__).parents[4] / "docs" / "model-ops.md"


def test_the_page_is_what_the_commands_say_now() -> None:
    assert PAGE.read_text() == reference(), "docs/model-ops.md is stale: make docs"


def test_every_command_is_in_it() -> None:
    page = reference()
    assert [name for name in COMMANDS if f"## model-ops {name}\n" not in page] == []
    assert "## model-ops alias set\n" in page
