"""What is in force in a stack, and where from: read offline."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from model_ops import Setting, read_settings
from model_ops.cli import main
from model_ops.errors import PinError, StackError

TEXT = """\
config:
  rollpin:tags: {department: shop}
  rollpin:defaults:
    catalog: prod
    schema: serving
    endpoint: {inferenceTable: true, tags: {cost: shared}}
    access: {manage: [ml-engineers]}
  rollpin:models:
    churn:
      servedVersion: 3
      endpoint: {workloadSize: Large}
    ranker:
      schema: search
      model: a_ranker_of_offers
      access: {manage: [search]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.prod.yaml").write_text(TEXT)
    return tmp_path


def found(project: Path, model: str) -> dict[str, tuple[Any, str]]:
    return {each.setting: (each.value, each.origin) for each in read_settings("prod", project, model)}


def test_each_setting_has_its_value_and_its_line(project: Path) -> None:
    churn = found(project, "churn")

    assert churn["servedVersion"] == (3, "Pulumi.prod.yaml:10")
    assert churn["endpoint.workloadSize"] == ("Large", "Pulumi.prod.yaml:11")
    assert churn["catalog"] == ("prod", "Pulumi.prod.yaml:4 (defaults)")
    assert churn["endpoint.inferenceTable"] == (True, "Pulumi.prod.yaml:6 (defaults)")
    assert churn["endpoint.tags.cost"] == ("shared", "Pulumi.prod.yaml:6 (defaults)")
    assert churn["access.manage"] == (["ml-engineers"], "Pulumi.prod.yaml:7 (defaults)")
    assert churn["endpoint.timeoutMinutes"] == (45, "default of Rollpin")
    assert churn["endpoint.scaleToZero"] == (None, "default of Rollpin")


def test_a_models_own_word_is_told_instead_of_the_defaults(project: Path) -> None:
    ranker = found(project, "ranker")

    assert ranker["schema"] == ("search", "Pulumi.prod.yaml:13")
    assert ranker["access.manage"] == (["search"], "Pulumi.prod.yaml:15")


def test_what_follows_from_names_is_told_as_it_is(project: Path) -> None:
    churn, ranker = found(project, "churn"), found(project, "ranker")

    assert churn["model"] == ("churn", "default of Rollpin")
    assert churn["endpoint.name"] == ("churn", "default of Rollpin")
    assert churn["experiment.name"] == ("/Shared/rollpin-prod-churn", "default of Rollpin")
    assert ranker["model"] == ("a_ranker_of_offers", "Pulumi.prod.yaml:14")


def test_without_a_model_the_stacks_own_settings_come_first_and_then_each_models(project: Path) -> None:
    everything = read_settings("prod", project)

    stacks = [each for each in everything if each.model is None]
    assert everything[: len(stacks)] == tuple(stacks)
    assert Setting(model=None, setting="rollpin:tags.department", value="shop", origin="Pulumi.prod.yaml:2") in stacks
    assert list(dict.fromkeys(each.model for each in everything)) == [None, "churn", "ranker"]


def test_the_table_reads_as_the_file_does(project: Path) -> None:
    result = CliRunner().invoke(main, ["settings", "--stack", "prod", "--model", "churn", "--project", str(project)])

    shown = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert shown[0] == "setting from value"
    assert "endpoint.inferenceTable Pulumi.prod.yaml:6 (defaults) true" in shown
    assert "access.manage Pulumi.prod.yaml:7 (defaults) [ml-engineers]" in shown
    assert "comment default of Rollpin -" in shown


def test_machines_get_json(project: Path) -> None:
    command = ["settings", "--stack", "prod", "--project", str(project), "--json"]
    result = CliRunner().invoke(main, command)

    assert {"model": "churn", "setting": "servedVersion", "value": 3, "origin": "Pulumi.prod.yaml:10"} in json.loads(
        result.stdout
    )


def test_neither_engine_nor_workspace_is_asked(project: Path) -> None:
    command = [Path(".venv/bin/model-ops").absolute(), "settings", "--stack", "prod"]

    done = subprocess.run(command, cwd=project, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "Pulumi.prod.yaml:4 (defaults)" in done.stdout


def test_a_file_that_the_program_refuses_is_refused_with_its_mistakes(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text(TEXT.replace("servedVersion: 3", "servedVersion: latest"))

    with pytest.raises(PinError, match=r"Pulumi.prod.yaml:10  rollpin:models.churn.servedVersion"):
        read_settings("prod", project)


def test_a_stack_or_a_model_that_there_is_not_is_told_with_those_that_are(project: Path) -> None:
    with pytest.raises(StackError, match=r"There is no stack test.*There is: prod"):
        read_settings("test", project)
    with pytest.raises(StackError, match=r"has no model nobody. It has: churn, ranker"):
        read_settings("prod", project, "nobody")
