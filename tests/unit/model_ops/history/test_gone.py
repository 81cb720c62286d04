"""The history of a model whose entry has left the stack's file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model_ops.cli import main

FILE = "config:\n  rollpin:models:\n    bot: {catalog: prod, schema: rag}\n"
PULUMI = """#!/bin/sh
case " $* " in
*" output "*) cat "$(dirname "$0")/outputs" ;;
*" history "*"--page 1 "*) cat "$(dirname "$0")/record" ;;
*) echo "[]" ;;
esac
"""


def model(name: str) -> dict[str, object]:
    unset = dict.fromkeys(("endpoint_url", "pinned_version", "canary", "run_id", "experiment_name"))
    return {"full_name": f"prod.rag.{name}", "endpoint_name": name, "warm_versions": [], **unset}


def up(day: int, **pins: int) -> dict[str, object]:
    models = {name: {"catalog": "prod", "schema": "rag", "servedVersion": number} for name, number in pins.items()}
    times = {"startTime": f"2026-03-0{day}T11:59:00Z", "endTime": f"2026-03-0{day}T12:00:00Z"}
    config = {"rollpin:models": {"value": json.dumps(models), "secret": False}}
    return {"version": 0, "kind": "update", "result": "succeeded", **times, "config": config}


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Ask a stack that had `old` and `bot` on the first day, and has `bot` alone from the fourth on."""
    outputs = {"stack": "prod", "workspace_url": "http://127.0.0.1:9", "models": {"bot": model("bot")}}
    (tmp_path / "outputs").write_text(json.dumps(outputs))
    (tmp_path / "record").write_text(json.dumps([up(4, bot=2), up(1, old=7, bot=1)]))
    (tmp_path / "Pulumi.prod.yaml").write_text(FILE)
    (tmp_path / "pulumi").write_text(PULUMI)
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DATABRICKS_TOKEN", "a-token")
    words = ["history", "--stack", "prod", "--project", str(tmp_path)]
    return lambda *more: CliRunner().invoke(main, [*words, *more])


def test_a_model_whose_entry_is_gone_has_its_history_still(history: Callable[..., Result]) -> None:
    told = json.loads(history("--model", "old", "--json").stdout)

    assert [(each["served"]["version"], each["served"]["end"]["ended"]) for each in told] == [
        (7, "2026-03-04T12:00:00Z")
    ]


def test_what_it_served_is_told_for_a_moment(history: Callable[..., Result]) -> None:
    then, now = (history("--model", "old", "--at", day, "--json").stdout for day in ("2026-03-02", "2026-03-05"))

    assert (json.loads(then)["served"]["version"], json.loads(now)) == (7, None)


def test_a_model_that_never_was_there_is_refused(history: Callable[..., Result]) -> None:
    result = history("--model", "boot")

    assert (result.exit_code, "has no model boot. It has: bot. Did you mean bot?" in result.stderr) == (1, True)


def test_without_a_name_it_is_the_model_that_is_there(history: Callable[..., Result]) -> None:
    told = json.loads(history("--json").stdout)

    assert [each["served"]["version"] for each in told] == [1, 2]
