"""Every message that what-to-do-when tells of is one that the program has: a symptom nobody can see helps nobody."""

from __future__ import annotations

import re

import pytest

from tests.documents.block import ROOT

PAGE = ROOT / "docs/what-to-do-when.md"
PACKAGES = ("engine", "infra", "model_ops", "rehearsal", "sandbox")
BY_OTHERS = {"the stack is currently locked", "Superseded", "ModuleNotFoundError"}
"""What the engine, a workflow or Python itself says."""
OUTCOME = re.compile(r"^(?:FAILED|unknown) +\w+: ")
JOINED = re.compile(r"[\"']\s*\n\s*f?[\"']")
LEAST = 9


def symptoms() -> list[str]:
    """The words in the first column that are set as code, without what stands for something else."""
    cells = re.findall(r"^\| (.+?) \|", PAGE.read_text(), re.MULTILINE)
    said = [word for cell in cells for word in re.findall(r"``(.+?)``|`([^`]+)`", cell)]
    whole = [OUTCOME.sub("", first or second) for first, second in said]
    parts = [part for each in whole for part in re.split(r"…|\b\d+\b|\bN\b|\{\w+\}", each)]
    return sorted({part.strip(" .,:|") for part in parts if len(part.strip(" .,:|")) > LEAST})


@pytest.fixture(scope="module")
def source() -> str:
    """All that the packages say, with texts that are written in pieces put together."""
    texts = [path.read_text() for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return re.sub(r"\s+", " ", JOINED.sub("", "\n".join(texts)))


def test_every_message_is_one_that_the_program_has(source: str) -> None:
    found = [each for each in symptoms() if " ".join(each.split()) not in source]
    assert [each for each in found if " ".join(each.split()) not in BY_OTHERS] == []


def test_the_page_tells_of_many() -> None:
    assert len(symptoms()) > 30
