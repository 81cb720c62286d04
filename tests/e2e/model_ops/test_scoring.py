"""Batch scoring from the command line, with the stack's pin or any model's address."""

import json
from pathlib import Path

from click.testing import CliRunner

from model_ops.cli import main
from tests.e2e.model_ops.workplace import FULL_NAME, Workplace

ASKED = [
    {"id": n, "messages": [{"role": "user", "content": text}]} for n, text in enumerate(("What is a pin?", "Why?"))
]


def score(place: Workplace, source: Path, target: Path, *words: str) -> tuple[int, str]:
    command = ["score", str(source), str(target), "--stack", "local", "--project", str(place.directory), *words]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    return result.exit_code, result.output


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_are_scored_with_the_pinned_version_and_keep_their_columns(place: Workplace, tmp_path: Path) -> None:
    source, target = tmp_path / "asked.jsonl", tmp_path / "answered.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in ASKED))
    code, said = score(place, source, target)
    assert (code, f"models:/{FULL_NAME}/2" in said) == (0, True)
    answered = rows(target)
    assert [{name: row[name] for name in ("id", "messages")} for row in answered] == ASKED
    assert all(isinstance(row["prediction"], str) and row["prediction"] for row in answered)


def test_a_run_is_scored_with_by_its_address_and_gives_the_same(place: Workplace, tmp_path: Path) -> None:
    source, by_run, by_version = (tmp_path / name for name in ("asked.jsonl", "run.jsonl", "version.jsonl"))
    source.write_text("".join(json.dumps(row) + "\n" for row in ASKED))
    run_id = place.json("lineage", "1")["run"]["run_id"]
    assert score(place, source, by_run, "--uri", f"runs:/{run_id}/chain")[0] == 0
    assert score(place, source, by_version, "--version", "1")[0] == 0
    assert rows(by_run) == rows(by_version)


def test_plain_text_where_messages_are_wanted_is_explained(place: Workplace, tmp_path: Path) -> None:
    source, target = tmp_path / "asked.jsonl", tmp_path / "answered.jsonl"
    source.write_text('{"messages": "Hello, how can I assist you today?"}\n')
    code, said = score(place, source, target)
    assert (code, target.exists(), "Traceback" in said) == (1, False, False)
    assert '"role": "user", "content": "Hello, how can I assist you today?"' in said
