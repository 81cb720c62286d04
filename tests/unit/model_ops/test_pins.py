"""The pin is one line of the stack file; nothing else of the file changes."""

from pathlib import Path

import pytest

from model_ops.errors import PinError
from model_ops.pins import pin

STACK_FILE = """\
# The production stack.
config:
  rollpin:protect: true   # never without it
  rollpin:models:
    chatbot:
      schema: rag
      catalog: prod
      servedVersion: 7        # the pin
      warmVersions: [6, 7]
    other:
      catalog: prod
      schema: rag
"""


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(STACK_FILE)
    return path


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    return [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]


def test_a_pin_changes_one_line_and_keeps_its_comment(stack_file: Path) -> None:
    pin(stack_file, "chatbot", 12)
    assert changed_lines(STACK_FILE, stack_file.read_text()) == [
        ("      servedVersion: 7        # the pin", "      servedVersion: 12        # the pin")
    ]


def test_a_first_pin_adds_one_line_after_the_schema(stack_file: Path) -> None:
    pin(stack_file, "other", 1)
    assert stack_file.read_text() == STACK_FILE + "      servedVersion: 1\n"


def test_the_pin_that_stands_already_leaves_the_file_as_it_is(stack_file: Path) -> None:
    pin(stack_file, "chatbot", 7)
    assert stack_file.read_text() == STACK_FILE


def test_an_unknown_model_is_refused_with_the_models_that_there_are(stack_file: Path) -> None:
    with pytest.raises(PinError, match=r"no model chatbto\. There is: chatbot, other"):
        pin(stack_file, "chatbto", 7)
    assert stack_file.read_text() == STACK_FILE


@pytest.mark.parametrize("version", [0, -1])
def test_only_a_whole_number_from_1_is_a_version(stack_file: Path, version: int) -> None:
    with pytest.raises(PinError, match="whole number from 1"):
        pin(stack_file, "chatbot", version)
    assert stack_file.read_text() == STACK_FILE


@pytest.mark.parametrize("text", ["config: [", "config: {}", "", "- a\n"])
def test_a_file_without_models_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(text)
    with pytest.raises(PinError, match="rollpin:models"):
        pin(path, "chatbot", 7)
    assert path.read_text() == text


def test_no_draft_is_left_beside_the_file_and_its_mode_is_kept(stack_file: Path) -> None:
    stack_file.chmod(0o640)
    pin(stack_file, "chatbot", 6)
    assert [path.name for path in stack_file.parent.iterdir()] == ["Pulumi.prod.yaml"]
    assert stack_file.stat().st_mode & 0o777 == 0o640
