"""Which stack `make live FROM_NOTHING=1` may make and take down: that of the page, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.live import live_stack
from tests.live.live_stack import LiveStack

PAGE = Path(__file__).parents[3] / "docs/platform.md"


@pytest.fixture
def text() -> str:
    """The file that the page gives."""
    (found,) = [each for each in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S) if "rollpin-live" in each]
    return found


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LiveStack:
    monkeypatch.setattr(live_stack, "SOURCE", tmp_path)
    return LiveStack("live")


def test_that_of_the_page_may_be_and_its_storage_is_closed(stack: LiveStack, text: str) -> None:
    stack.file.write_text(text)

    assert stack.unfit() == ""
    assert (stack.model, stack.create.private) == ("rollpin_live.bots.probe", True)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("rollpin:protect: false", "rollpin:protect: true", "it is protected"),
        ("      catalog: rollpin_live", "      servedVersion: 1\n      catalog: rollpin_live", "without a pin"),
        ("    probe:", "    other: {catalog: a, schema: b}\n    probe:", "one model"),
    ],
)
def test_another_may_not(stack: LiveStack, text: str, old: str, new: str, why: str) -> None:
    assert text.count(old) == 1
    stack.file.write_text(text.replace(old, new))

    assert why in stack.unfit()


def test_a_command_that_fails_is_told_with_all_that_it_wrote(stack: LiveStack) -> None:
    with pytest.raises(AssertionError, match=r"(?s)sh -c .*to stdout.*to stderr"):
        stack.run("sh", "-c", "echo to stdout; echo to stderr >&2; exit 3")
