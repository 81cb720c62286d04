"""The engine works on a copy of the project, and the salt that it adds there outlives the next copy."""

from pathlib import Path

import pytest

from engine import project_copy


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
