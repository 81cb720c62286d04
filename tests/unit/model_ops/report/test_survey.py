"""What a report asks, and what it shows where something does not answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from model_ops import extras
from model_ops.cli import main
from model_ops.errors import ExtraError, StackError
from model_ops.report.model_survey import metrics_of
from model_ops.report.survey import survey_stacks
from model_ops.versions.listing import ListedVersion
from model_ops.versions.version import Run, Version
from model_ops.workspace.client import Workspace
from tests.unit.model_ops.known_workspace import deployed


def listed(number: int, **metrics: float) -> ListedVersion:
    run = Run(
        run_id=str(number),
        name="",
        experiment_id="1",
        status="FINISHED",
        deleted=False,
        user="",
        started=None,
        ended=None,
        artifact_uri="",
        parameters={},
        metrics=metrics,
        tags={},
        datasets=(),
    )
    version = Version(model="m", number=number, status="READY")
    return ListedVersion(version=version, roles=(), traffic=None, aliases=(), run=run)


def test_a_metric_goes_over_the_versions_that_have_it_the_oldest_first():
    accuracy, loss = metrics_of([listed(3, accuracy=0.9, loss=0.1), listed(1, accuracy=0.7)], ())

    assert (accuracy.name, accuracy.direction, accuracy.points) == ("accuracy", "higher", ((1, 0.7), (3, 0.9)))
    assert (loss.direction, loss.points) == ("lower", ((3, 0.1),))


def test_what_is_no_number_and_what_the_machine_says_of_itself_is_not_plotted():
    versions = [listed(1, accuracy=float("nan"), **{"system/cpu": 3.0}), listed(2, accuracy=0.5)]
    (metric,) = metrics_of(versions, ())

    assert metric.points == ((2, 0.5),)


def test_the_metrics_that_are_asked_for_are_plotted_alone():
    assert [each.name for each in metrics_of([listed(1, a=1.0, b=2.0)], ("b",))] == ["b"]


def test_a_stack_that_cannot_be_asked_is_told_in_one_line():
    def find(stack: str):
        raise StackError("It was never deployed.\nDeploy it: make up")

    (found,) = survey_stacks(("prod",), find).stacks
    assert (found.problem, found.asked) == ("It was never deployed. Deploy it: make up", False)


def test_a_stack_whose_workspace_does_not_answer_still_tells_its_pins():
    with deployed({}) as stack:
        gone = replace(stack, workspace=Workspace(stack.workspace.url, "a-token"))
    (found,) = survey_stacks(("prod",), lambda name: gone).stacks
    (model,) = found.models

    assert "does not answer" in (found.problem or "")
    assert (model.pinned, model.serving, model.as_pinned, found.by_hand) == (7, None, None, None)


def test_what_a_workspace_does_not_have_is_a_remark_and_no_end():
    with deployed({}) as stack:
        (found,) = survey_stacks(("prod",), lambda name: stack).stacks
    (model,) = found.models

    assert (found.asked, model.serving, model.as_pinned) == (True, "nothing", False)
    assert "versions could not be listed" in model.remarks[0]
    assert (model.versions, model.periods, found.rollouts) == ((), (), ())


def test_where_no_stack_can_be_asked_the_command_says_so_and_ends_with_1(tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    page = tmp_path / "build" / "report.html"
    done = CliRunner().invoke(main, ["report", "--html", str(page), "--json", "--project", str(tmp_path)])

    assert (done.exit_code, page.exists()) == (1, True)
    assert json.loads(done.stdout)["stacks"][0]["name"] == "prod"
    assert "not asked: prod." in done.stderr
    assert "None of the stacks could be asked" in done.stderr


def test_a_report_that_goes_nowhere_is_a_misuse(tmp_path: Path):
    done = CliRunner().invoke(main, ["report", "--project", str(tmp_path)])

    assert (done.exit_code, "--html FILE" in done.stderr) == (2, True)


@pytest.mark.parametrize("words", [["report", "--html", "x.html"], ["review", "--base", "main", "--html", "x.html"]])
def test_without_the_extra_the_command_says_what_to_install(words, tmp_path, monkeypatch):
    def lacking(extra: str, purpose: str) -> None:
        raise ExtraError(f"{purpose} needs the extra `{extra}`")

    monkeypatch.setattr(extras, "require", lacking)
    done = CliRunner().invoke(main, [*words, "--project", str(tmp_path)])

    assert (done.exit_code, "Writing a page needs the extra `report`" in done.stderr) == (1, True)
