"""Whoever does what a message says is rid of that mistake, and has changed nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.settings import stack_file
from infra.settings.load import load
from infra.settings.location import Location
from infra.settings.mend import Command, Join, Mend, Move, Remove, Rename, Write
from infra.settings.mistake import Mistake, SettingsError
from tests.unit.infra.settings.broken_files import CASES
from tests.unit.infra.settings.mending import applied, ways


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Pulumi.test.yaml"


def mistakes(path: Path, text: str) -> list[Mistake]:
    path.write_text(text)
    try:
        load(path, "test")
    except SettingsError as error:
        return list(error.mistakes)
    return []


def said(found: list[Mistake]) -> list[tuple[str, str]]:
    return [(each.key, re.split("; the first|, which models", each.found)[0]) for each in found]


def leaves(value: Any, location: Location = ()) -> Iterator[tuple[Location, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    yield location, None if isinstance(value, dict | tuple) else value
    for key, each in items:
        yield from leaves(each, (*location, key))


def changed(before: Any, after: Any) -> set[Location]:
    one, two = dict(leaves(before)), dict(leaves(after))
    return {location for location in one.keys() | two.keys() if one.get(location, "-") != two.get(location, "-")}


def touched(mend: Mend) -> tuple[Location, ...]:
    """Where a mend may change something."""
    if isinstance(mend, Rename):
        return mend.location, (*mend.location[:-1], mend.to)
    if isinstance(mend, Move):
        return mend.location, ("config", mend.to)
    if isinstance(mend, Remove | Command) and isinstance(mend.location[-1], int):
        return (mend.location[:-1],)  # those behind it move up
    return () if isinstance(mend, str) else (mend.location,)


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_a_mend_that_is_followed_mends_its_mistake_and_nothing_else(path: Path, text: str) -> None:
    found = mistakes(path, text)
    assert found
    before = stack_file.read(path).values
    for mistake in found:
        choices = list(ways(mistake.mend))
        assert choices, f"only words: {mistake.mend}"
        for mend in choices:
            left = mistakes(path, applied(text, mend))
            rest = said([each for each in found if each is not mistake])
            assert [each for each in said(left) if each not in rest] == [], (str(mend), path.read_text())
            assert len(left) <= len(rest)
            after = stack_file.read(path).values
            for where in changed(before, after):
                assert any(where[: len(one)] == one or where[-1:] == one[-1:] for one in touched(mend)), where


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_a_mend_names_a_line_and_a_key_that_are_there_and_proposes_none_that_is(path: Path, text: str) -> None:
    lines = text.splitlines()
    for mistake in mistakes(path, text):
        for mend in ways(mistake.mend):
            if not isinstance(mend, Command):
                assert str(mend.place.line) in str(mend)
                named = mend.location[-1] if isinstance(mend.location[-1], str) else mend.location[-2]
                assert f"`{named}" in str(mend) or isinstance(mend, Write)
            if isinstance(mend, Remove | Rename | Move | Join):
                assert isinstance(mend.location[-1], int) or mend.location[-1] in lines[mend.place.line - 1]
            if isinstance(mend, Rename):
                assert mend.to not in stack_file.read(path).keys(mend.location[:-1])
