from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sandbox.workspace.registry.mlmodel import LARGEST, read


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "MLmodel"
    file.write_text(text)
    return file


def test_what_a_file_says_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, "run_id: a1\nsignature: {inputs: '[]', outputs: null}\nsize: 12\n")
    assert read(file) == {"run_id": "a1", "signature": {"inputs": "[]", "outputs": None}, "size": 12}


@pytest.mark.parametrize("text", ["", "- 1", "text"])
def test_a_file_that_is_no_mapping_says_nothing(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, text)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "a: 2001-13-45",
        f"a: {'1' * 5000}",
        f"a: 1{':1' * 2000}",
        'a: !!int ""',
        'a: !!float "q"',
        "a: !!bool q",
        "a: !!timestamp x",
        "a: !!int 0b",
        "a: =",
        "[[[[",
        "? {}\n: 1",
        "&a [*b]",
        "a: !!python/object:os.system x",
        "a: &a {k: v}\nb: {<<: [*a, *a]}",
        "a: \x07",
        "--- a\n--- b",
        "- " * 100_000,
        "[" * 100_000,
        "{a: " * 100_000,
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"^\w+: .+$") as refused:
        read(written(tmp_path, text))
    assert len(str(refused.value)) < 300


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FileNotFoundError"):
        read(tmp_path / "MLmodel")


def test_the_size_of_a_file_is_bounded(tmp_path: Path) -> None:
    whole = f"a: {'x' * (LARGEST - 3)}"
    assert len(read(written(tmp_path, whole))["a"]) == LARGEST - 3
    with pytest.raises(ValueError, match=f"larger than {LARGEST} bytes"):
        read(written(tmp_path, f"{whole}x"))


def test_the_largest_file_is_read_whole(tmp_path: Path) -> None:
    file = written(tmp_path, f"a: [{'[],' * (LARGEST // 3 - 3)}]")
    assert len(read(file)["a"]) == LARGEST // 3 - 3


def test_a_file_is_read_in_c_for_python_takes_more_than_a_minute_for_the_largest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml.scanner.Scanner, "fetch_more_tokens", None)
    assert read(written(tmp_path, "a: [[], []]")) == {"a": [[], []]}
