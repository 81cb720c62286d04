"""`review` of real changes, with the engine's own preview: what the comment says is what docs/review.md shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from engine import preview_document
from tests.e2e.model_ops.workplace import MODEL, Workplace
from tests.shown_comments import first_lines, shown

CANARY = "      servedVersion: 2\n      canary: {version: 1, percent: 10}\n"


def reviewed(place: Workplace, text: str, tmp_path: Path) -> tuple[Result, dict[str, Any]]:
    """Commit a stack file on a branch, and review that with a preview of it."""
    place.git("checkout", "--quiet", "-B", "change")
    place.file.write_text(text)
    place.git("commit", "--quiet", "--all", "--message", "Change")
    outcome = place.stack.run("preview")
    preview_document.write(tmp_path / "preview.json", outcome.document)
    files = ("--preview", str(tmp_path / "preview.json"), "--json", str(tmp_path / "review.json"))
    result = place.run("review", "--base", "main", *files)
    return result, json.loads((tmp_path / "review.json").read_text())["stacks"][0]


def pinning(place: Workplace, version: int) -> str:
    return place.file.read_text().replace("servedVersion: 2", f"servedVersion: {version}")


def test_a_rollback_is_proven_checked_and_one_update(serving: Workplace, tmp_path: Path) -> None:
    result, found = reviewed(serving, pinning(serving, 1), tmp_path)

    assert (result.exit_code, found["verdict"]["level"], found["unseen"]) == (0, "fine", [])
    assert first_lines(result.stdout, serving.directory) == shown("rollback")
    (evidence,) = found["models"][0]["evidence"]
    assert evidence["to"]["run_name"] == "dbdemos_chatbot_rag"
    assert evidence["to"]["run_url"].endswith(evidence["to"]["run_id"])
    assert {each["outcome"] for each in evidence["checks"]} == {"passed", "unknown"}
    (change,) = found["infrastructure"]["changes"]
    assert (change["operation"], change["kind"]) == ("update", "serving endpoint")
    assert all("servedEntityName" not in each["path"] for each in change["paths"])


def test_a_roll_forward_was_never_proven_and_is_compared_with_what_serves(serving: Workplace, tmp_path: Path) -> None:
    result, found = reviewed(serving, pinning(serving, 3), tmp_path)

    assert result.exit_code == 0
    assert first_lines(result.stdout, serving.directory) == shown("roll forward")
    assert found["models"][0]["evidence"][0]["was"]["number"] == 2


def test_a_pin_that_is_refused_says_why_at_the_top_in_the_programs_words(serving: Workplace, tmp_path: Path) -> None:
    result, found = reviewed(serving, pinning(serving, 99), tmp_path)

    assert (result.exit_code, found["verdict"]["level"]) == (1, "refused")
    assert first_lines(result.stdout, serving.directory) == shown("refused pin")
    assert found["infrastructure"]["errors"]


def test_a_canary_says_its_share_and_that_the_pin_stays(serving: Workplace, tmp_path: Path) -> None:
    text = serving.file.read_text().replace("      servedVersion: 2\n", CANARY)
    result, found = reviewed(serving, text, tmp_path)

    assert result.exit_code == 0
    assert f"- `{MODEL}`: **canary started**: version 1 gets 10 % of it" in result.stdout
    assert [move["kind"] for move in found["models"][0]["moves"]] == ["canary started"]
    assert "1 update, nothing replaced or deleted" in result.stdout


@pytest.mark.parametrize("operation", ["up", "refresh", "destroy"])
def test_the_document_is_of_a_preview_alone(operation: str) -> None:
    from click.testing import CliRunner

    from engine.__main__ import main

    result = CliRunner().invoke(main, [operation, "--stack", "local", "--json", "x.json"])
    assert (result.exit_code, "--json is of a preview" in result.output) == (2, True)
