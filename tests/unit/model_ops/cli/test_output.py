"""What is printed: tables that are not broken in a file, JSON of every result, sizes and times as people read them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model_ops.cli import output


@dataclass(frozen=True)
class Thing:
    name: str
    at: datetime
    path: Path
    inner: tuple["Thing", ...] = ()


def test_a_wide_table_in_a_file_is_on_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("a", "b"), [["x" * 150, "[not markup]"]])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[2] == f"{'x' * 150}  [not markup]"


def test_results_become_json(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    output.print_json((Thing("a", at, Path("b"), (Thing("c", at, Path("d")),)),))
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["at"], found["path"], found["inner"][0]["name"]) == ("2026-03-01T12:00:00Z", "b", "c")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (177510, "177.5 kB"), (3 * 10**9, "3.0 GB")]
)
def test_sizes_are_in_powers_of_a_thousand(count: int, words: str) -> None:
    assert output.size(count) == words


def test_pairs_without_a_value_are_left_out_and_lines_stay_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_pairs([("name", "one\ntwo"), ("nothing", ""), ("x", "y")])
    assert capsys.readouterr().out == "name  one\n      two\nx     y\n"
