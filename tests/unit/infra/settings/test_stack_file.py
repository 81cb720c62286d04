"""How a stack file is read: as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.settings.load import load
from infra.settings.location import dotted
from infra.settings.mistake import SettingsError
from infra.settings.place import Place
from infra.settings.stack_file import Odd, read


def write(directory: Path, text: str) -> Path:
    path = directory / "Pulumi.test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load(path, "test")
    return str(error.value)


def test_a_value_keeps_its_line_and_its_text(tmp_path: Path) -> None:
    file = read(write(tmp_path, "config:\n  # why\n  a:\n    b: [1, '2']   # c\n"))

    assert file.place(("config", "a", "b")) == Place(4, "[1, '2']")
    assert file.place(("config", "a", "b", 1)) == Place(4, "'2'")
    assert file.place(("config", "a", "nowhere")).line == 3


@pytest.mark.parametrize("text", ["7.0", "007", "1e1", "0x10", "1_000", "+7", "~", "", "!secret x", "2024-04-19"])
def test_what_pulumi_would_convert_stays_odd(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path, f"config:\n  a: {text}\n")).config["a"] == Odd(text)


def test_plain_values_are_themselves(tmp_path: Path) -> None:
    file = read(write(tmp_path, "config: {a: 7, b: -7, c: true, d: 'true', e: yes, f: \"7\", g: [x]}\n"))

    assert dict(file.config) == {"a": 7, "b": -7, "c": True, "d": "true", "e": "yes", "f": "7", "g": ("x",)}


def test_a_key_that_is_there_twice_is_a_mistake(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "config:\n  rollpin:models:\n    a: {catalog: c, schema: s, schema: t}\n"))

    assert "rollpin:models.a.schema" in message
    assert "a second time; the first is at line 3" in message


@pytest.mark.parametrize(
    ("text", "line"),
    [("config:\n\ta: 1\n", 2), ("config: [1\n", 2), ("config:\n  a: 1\n b: 2\n", 3), ("a: 1\n---\nb: 2\n", 2)],
)
def test_yaml_that_does_not_parse_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    message = refused(write(tmp_path, text))

    assert f"Pulumi.test.yaml:{line}  the file\n" in message
    assert "allowed: one YAML document" in message
    assert "git diff Pulumi.test.yaml" in message


@pytest.mark.parametrize("text", ["", "# nothing\n", "- 1\n", "7\n"])
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert "write the stack's settings below a line `config:`" in refused(write(tmp_path, text))


def test_a_missing_file_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    write(tmp_path, "config: {}")

    message = refused(tmp_path / "Pulumi.tets.yaml")

    assert "found:   no such file" in message
    assert "Pulumi.test.yaml" in message


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_bytes(b"config:\n  a: \xff\n")

    assert "found:   a byte at offset 13 that is no UTF-8" in refused(path)


def test_a_directory_in_the_files_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.mkdir()

    message = refused(path)

    assert "found:   is a directory" in message
    assert f"ls -ld {path}" in message


def test_a_file_that_the_system_does_not_give_is_refused_in_its_words(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.symlink_to(path)  # as root, every file may be read

    assert "found:   too many levels of symbolic links" in refused(path)


def test_a_second_config_is_named_as_such(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "config:\n  rollpin:models: {}\nconfig:\n  rollpin:protect: true\n"))

    assert "Pulumi.test.yaml:3  config\n     found:   a second time; the first is at line 1" in message
    assert "move what is below `config`, at lines 3 to 4, below the first `config`, at line 1" in message


def test_what_commands_a_terminal_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    text = 'config:\n  rollpin:models: {"a\\e[2J\\n\u202e": {"k\\u200b": 1}}\n  \u2066rolpin:models: "\\u009b"\n'

    message = refused(write(tmp_path, text))

    assert r"rollpin:models.a\x1b[2J\n\u202e" in message
    assert not [each for each in message if not each.isprintable() and each != "\n"]


def test_a_control_character_is_told_with_its_line(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "config:\n  a: 1\n  b: \x01\n"))

    assert "Pulumi.test.yaml:3  the file\n     found:   unacceptable character #x0001" in message
    assert "mend the syntax at line 3" in message


def test_an_alias_of_itself_ends_in_a_mistake_not_in_a_loop(tmp_path: Path) -> None:
    assert "rollpin:models.a" in refused(write(tmp_path, "config:\n  rollpin:models: &m\n    a: *m\n"))


def test_a_location_is_written_as_pulumi_takes_it() -> None:
    assert dotted(("config", "rollpin:models", "a", "warmVersions", 0)) == "rollpin:models.a.warmVersions[0]"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab:7-[]{},&*!|>'\"#\n \t.~?", max_size=60))
def test_no_text_is_settings_of_a_model_without_its_keys(tmp_path: Path, text: str) -> None:
    assert "mend:" in refused(write(tmp_path, f"config:\n  rollpin:models:\n    a: {text}\n"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("config:\n  rollpin:models:\n    a: {catalog: c}\n    fraud\n      catalog: c\n", 4),
        ("config:\n  rollpin:models:\n    fraud\n      catalog: c\n", 4),
    ],
)
def test_a_key_without_its_colon_is_looked_for_where_it_stands(tmp_path: Path, text: str, line: int) -> None:
    message = refused(write(tmp_path, text))

    assert f"Pulumi.test.yaml:{line}  the file" in message
    assert f"mend the syntax at line {line}, or just above it" in message
