"""What is printed: tables that are not broken in a file, JSON of every result, sizes and times as people read them."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model_ops import printable
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


HOSTILE = "a\x1b[2J\u202eb\u200bc\x85d\udc80\ne"
SHOWN = r"a\x1b[2J\u202eb\u200bc\x85d\udc80"


def test_a_table_is_a_line_a_row_whatever_its_cells_hold(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("name",), [[HOSTILE], ["x"]])
    assert capsys.readouterr().out.splitlines()[2:] == [rf"{SHOWN}\ne", "x"]


def test_what_is_said_keeps_its_lines_and_shows_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    output.echo(HOSTILE)
    output.say(HOSTILE)
    output.echo("one\r\ntwo", nl=False)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{SHOWN}\ne\none\ntwo", f"{SHOWN}\ne\n")
    assert output.refused(HOSTILE).message == f"{SHOWN}\ne"


def test_json_says_the_same_to_a_machine_and_nothing_to_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"name": f"{HOSTILE}\U000e0001é日"}
    output.print_json(found)
    printed = capsys.readouterr().out
    assert json.loads(printed) == found
    assert "é日" in printed
    assert not [each for each in printed if not each.isprintable() and each != "\n"]


ORDERS = [
    "see ##vso[task.prependpath]/tmp/x",
    "##VSO[task.complete result=Succeeded;]",
    "a ##[set-output name=stacks]x",
    "###[group]",
    "::set-output name=stacks::x",
    "one\n  ::add-mask::prod",
]


@pytest.mark.parametrize("words", ORDERS)
def test_no_line_is_a_command_to_the_ci_that_keeps_it(capsys: pytest.CaptureFixture[str], words: str) -> None:
    output.echo(words)
    output.say(words)
    output.print_table(("name",), [[words]])
    output.print_json({words: words})
    printed = capsys.readouterr()
    for line in [*printed.out.splitlines(), *printed.err.splitlines()]:
        assert not re.search(r"##(vso)?\[", line, re.IGNORECASE)
        assert not line.lstrip().startswith("::")
    assert json.loads(printed.out[printed.out.index("{") :]) == {words: words}


@pytest.mark.parametrize(
    "words", ["plain", "été 日本 😀", "a\tb", "## [1]", "::1", "#[x]", "urn:pulumi:prod::p::t::n", "::", "# a::b::c"]
)
def test_what_everybody_can_read_stays_as_it_is(words: str) -> None:
    assert printable.text(words) == words
