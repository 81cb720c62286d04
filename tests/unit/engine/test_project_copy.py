"""The engine works on a copy of the project, and the salt that it adds there outlives the next copy."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from engine import project_copy
from infra.settings.mistake import SettingsError

ENGINE = "v1:engine="
"""The salt that the engine has written into the copy."""
SOURCES = {
    "a salt of another state": "config:\n  a: 1\nencryptionsalt: v1:other\n",
    "a salt above the settings": "encryptionsalt: v1:other\nconfig:\n  a: 1\n",
    "a quoted key": "config:\n  a: 1\n'encryptionsalt': 'v1:other'\n",
    "two salts": "encryptionsalt: v1:one\nconfig:\n  a: 1\nencryptionsalt: v1:two\n",
    "a comment behind": "encryptionsalt: v1:other  # mine\nconfig:\n  a: 1  # one\n",
    "a salt over lines": "encryptionsalt:\n  v1:other\nconfig:\n  a: 1\n",
    "a block text": "encryptionsalt: >-\n  v1:other\nconfig:\n  a: 1\n",
    "an empty one": "encryptionsalt:\nconfig:\n  a: 1\n",
    "an explicit key": "? encryptionsalt\n: v1:other\nconfig:\n  a: 1\n",
    "another provider": "secretsprovider: azurekeyvault://x\nencryptedkey: abc\nconfig:\n  a: 1\n",
    "in braces": "{config: {a: 1}, encryptionsalt: v1:other}\n",
    "first in braces": "{encryptionsalt: v1:other, config: {a: 1}}",
    "no salt in braces": "{config: {a: 1}}",
    "indented": "  config:\n    a: 1\n  encryptionsalt: v1:other\n",
    "no last line end": "config:\n  a: 1\nencryptionsalt: v1:other",
    "an end of the document": "---\nconfig:\n  a: 1\n...\n",
    "other line ends": "config:\r\n  a: 1\r\nencryptionsalt: v1:other\r\n",
    "a comment at the end": "config:\n  a: 1\n# the end",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    directory = tmp_path / "source"
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: rollpin\n")
    (directory / "Pulumi.local.yaml").write_text("config: {}")
    return directory


def test_the_copy_is_a_project_and_the_source_stays_as_it_was(source: Path, tmp_path: Path) -> None:
    copied = project_copy.copy(source, tmp_path / "copy")
    assert sorted(path.name for path in copied.iterdir()) == ["Pulumi.local.yaml", "Pulumi.yaml", "infra"]
    assert (source / "Pulumi.local.yaml").read_text() == "config: {}"


def test_the_engines_salt_is_kept_when_the_stack_file_is_copied_anew(source: Path, tmp_path: Path) -> None:
    copied = project_copy.copy(source, tmp_path / "copy")
    with project_copy.stack_file(copied).open("a") as file:
        file.write("encryptionsalt: v1:abc=\n")
    (source / "Pulumi.local.yaml").write_text("config:\n  a: 1\n")
    project_copy.copy(source, copied)
    assert project_copy.stack_file(copied).read_text() == "config:\n  a: 1\nencryptionsalt: v1:abc=\n"


@pytest.mark.parametrize("text", SOURCES.values(), ids=SOURCES)
def test_the_copy_has_what_the_engine_owns_once_whatever_stands_in_the_source(
    source: Path, tmp_path: Path, text: str
) -> None:
    project_copy.stack_file(source).write_bytes(text.encode())
    copied = project_copy.copy(source, tmp_path / "copy")
    file = project_copy.stack_file(copied)
    assert YAML(typ="safe").load(file) == {"config": {"a": 1}}

    file.write_text(f"config: {{a: 1}}\nencryptionsalt: {ENGINE}\n")
    project_copy.copy(source, copied)
    project_copy.copy(source, copied)

    assert YAML(typ="safe").load(file) == {"config": {"a": 1}, "encryptionsalt": ENGINE}
    before, after = text.splitlines(), file.read_text().splitlines()
    assert [number for number, line in enumerate(before) if "a: 1" in line] == [
        number for number, line in enumerate(after) if "a: 1" in line
    ]


def test_a_copy_that_has_the_salt_twice_is_whole_again_with_the_engines_own(source: Path, tmp_path: Path) -> None:
    copied = project_copy.copy(source, tmp_path / "copy")
    file = project_copy.stack_file(copied)
    file.write_text(f"config: {{}}\nencryptionsalt: v1:other\nencryptionsalt: {ENGINE}\n")

    project_copy.copy(source, copied)

    assert file.read_text() == f"config: {{}}\nencryptionsalt: {ENGINE}\n"


def test_a_source_that_cannot_be_read_leaves_the_copy_and_its_salt_alone(source: Path, tmp_path: Path) -> None:
    copied = project_copy.copy(source, tmp_path / "copy")
    file = project_copy.stack_file(copied)
    file.write_text(f"config: {{}}\nencryptionsalt: {ENGINE}\n")
    project_copy.stack_file(source).write_text("config: [")

    with pytest.raises(SettingsError, match=r"Pulumi\.local\.yaml"):
        project_copy.copy(source, copied)

    assert file.read_text() == f"config: {{}}\nencryptionsalt: {ENGINE}\n"


def test_a_copy_that_somebody_broke_keeps_its_salt(source: Path, tmp_path: Path) -> None:
    copied = project_copy.copy(source, tmp_path / "copy")
    file = project_copy.stack_file(copied)
    file.write_text(f"config: [\nencryptionsalt: {ENGINE}\n")

    project_copy.copy(source, copied)

    assert file.read_text() == f"config: {{}}\nencryptionsalt: {ENGINE}\n"
