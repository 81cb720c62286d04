"""A stack or a model that is misspelt is asked back about, at every door that takes its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops.cli import main
from model_ops.did_you_mean import did_you_mean

FILE = "config:\n  rollpin:models:\n    chatbot: {catalog: prod, schema: rag}\n"
MODEL = {"full_name": "prod.rag.chatbot", "endpoint_name": "chatbot", "pinned_version": 7, "warm_versions": []}
UNSAID = dict.fromkeys(("endpoint_url", "canary", "run_id", "experiment_name"))
OUTPUTS = {"stack": "prod", "workspace_url": "http://127.0.0.1:1", "models": {"chatbot": {**MODEL, **UNSAID}}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: rollpin\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(FILE)
    (tmp_path / "prod.json").write_text(json.dumps(OUTPUTS))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["versions", "--stack", "prdo"], "Did you mean prod?"),
        (["pin", "7", "--stack", "Prod"], "Did you mean prod?"),
        (["settings", "--stack", "prood"], "Did you mean prod?"),
        (["settings", "--stack", "prod", "--model", "chatbto"], "Did you mean chatbot?"),
        (["versions", "--target", "{}/prod.json", "--model", "chat-bot"], "Did you mean chatbot?"),
        (["promote", "--from", "{}/prod.json", "--to", "prdo"], "Did you mean prod?"),
    ],
)
def test_a_misspelt_name_is_asked_back_about(project: Path, words: list[str], meant: str) -> None:
    said = [each.format(project) for each in words]
    result = CliRunner().invoke(main, [*said, "--project", str(project)])

    assert (result.exit_code, meant in result.stderr) == (1, True)


def test_where_nothing_is_near_nobody_is_asked() -> None:
    assert did_you_mean("fraud", ["chatbot", "churn"]) == ""
