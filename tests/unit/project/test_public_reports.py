"""Each public report says where it stands, what was tried and what is right, and names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.unit.project.imports import ROOT

PAGE = ROOT / "tests/public-reports.md"
PARTS = ["source", "happened", "tried", "right", "held by"]
SOURCE = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+#[1-9][0-9]*")
TEST = re.compile(r"`(tests/\S+\.py)::(\w+)`")
_, *REPORTS = re.split(r"^### ", PAGE.read_text(), flags=re.MULTILINE)


def parts(report: str) -> dict[str, str]:
    """What a report says, by the word that each part begins with."""
    body = re.split(r"^## ", report, flags=re.MULTILINE)[0]
    _, *found = re.split(r"^- ([a-z ]+):", body, flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(found[::2], found[1::2], strict=True)}


@cache
def standing_in(path: str) -> frozenset[str]:
    """The tests that stand in a file; none where there is no such file."""
    if not (ROOT / path).is_file():
        return frozenset()
    found = ast.parse((ROOT / path).read_text()).body
    return frozenset(each.name for each in found if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.splitlines()[0])
def test_a_report_has_a_source_and_all_of_its_parts(report: str) -> None:
    said = parts(report)

    assert [*said] == PARTS
    assert all(said.values())
    assert [each for each in said["source"].split(", ") if not SOURCE.fullmatch(each)] == []


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.splitlines()[0])
def test_every_test_that_a_report_names_exists_and_where_there_is_none_it_says_so(report: str) -> None:
    held = parts(report)["held by"]
    named = TEST.findall(held)

    assert [f"{path}::{name}" for path, name in named if name not in standing_in(path)] == []
    assert len(named) == held.count("::")
    assert named or "no test" in held


def test_no_report_is_told_twice() -> None:
    sources = SOURCE.findall(PAGE.read_text())

    assert len(sources) == len(set(sources)) >= len(REPORTS)
