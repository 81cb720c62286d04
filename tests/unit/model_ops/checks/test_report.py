"""What speaks against a version: a check that failed, and one that was asked for and could not be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_ops.checks.loading import check_loading, untried
from model_ops.checks.report import Check, CheckReport, failed, passed, unknown, unmade
from model_ops.cli.proving import print_report
from model_ops.commands import Commands
from model_ops.errors import CheckError
from model_ops.pinning.pins import PinEdit
from model_ops.pinning.plan import PinPlan, apply_pin
from model_ops.versions.detail import VersionDetail
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import Version

UNMADE = unmade("loads", "it was not loaded", "install what loads it")


def report(*checks: Check) -> CheckReport:
    return CheckReport(stack="prod", model="prod.rag.chatbot", number=7, checks=(passed("exists", "it does"), *checks))


def test_what_could_not_be_told_speaks_against_nothing() -> None:
    found = report(unknown("access", "a group"))
    assert (found.passed, found.against, found.unmade) == (True, "", ())


def test_a_check_that_was_not_made_is_no_check_that_passed() -> None:
    found = report(UNMADE, failed("access", "lacks EXECUTE", "grant it"))
    assert (found.passed, found.against) == (False, "It failed: access. Not made: loads.")
    assert "loads: it was not loaded\n    mend: install what loads it" in str(found)


def test_it_may_be_accepted_by_name() -> None:
    assert report(UNMADE).accepting(["access"]).passed is False
    found = report(UNMADE).accepting(["loads"])
    assert (found.passed, found.checks[-1].outcome) == (True, "accepted")


def test_a_pin_is_not_moved_past_a_check_that_was_not_made(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("6\n")
    edit = PinEdit(path=file, model="chatbot", old=6, new=7, before=b"6\n", after=b"7\n")
    commands = Commands(stack="prod")
    plan = PinPlan(stack="prod", model="chatbot", edit=edit, report=report(UNMADE), warm=False, commands=commands)
    with pytest.raises(CheckError, match="loads: it was not loaded"):
        apply_pin(plan)
    assert file.read_text() == "6\n"


def detail(**environments: str) -> VersionDetail:
    return VersionDetail(
        version=Version(model="prod.rag.chatbot", number=7, status="READY"),
        roles=(),
        mlmodel=MlModel.parse("flavors: {python_function: {}}", "version 7"),
        files=(),
        environments={f"{name}.txt": text for name, text in environments.items()},
        run=None,
    )


def test_without_mlflow_nothing_is_downloaded_and_it_is_said_what_to_install(hide) -> None:
    hide("mlflow")
    found = check_loading(None, detail(), Commands(stack="prod"))
    assert (found.outcome, found.found) == ("unknown", "it was not loaded, for this is not installed here: mlflow")
    assert "pip install --require-hashes -r " in found.mend
    assert "requirements-scoring.txt (or go without: --no-load)" in found.mend


def test_without_loading_the_variables_that_it_names_are_told() -> None:
    named = untried(detail(environment_variables="# names\nSCORING_API_KEY\n\nOTHER\n"))
    assert (named.outcome, named.mend) == ("unknown", None)
    assert named.found == "it was not tried; it may need the variables SCORING_API_KEY, OTHER where it is served"
    assert untried(detail()).found == "it was not tried"


def test_the_report_says_that_it_is_not_known_and_not_that_it_may_be_served(capsys) -> None:
    print_report(report(UNMADE))
    said = capsys.readouterr().out
    assert "  unknown   loads: it was not loaded\n            mend: install what loads it\n" in said
    assert "not known, for this was not checked: loads" in said
    assert "It may be served." not in said


def test_a_models_own_error_message_stays_on_the_line_of_its_check() -> None:
    check = failed("loads", "it failed\n  - nothing speaks against it\x1b[2J", "see\nwhy")

    assert check.lines == (r"it failed\n  - nothing speaks against it\x1b[2J", r"mend: see\nwhy")
    assert check.lines[0] in str(CheckReport(stack="s", model="m", number=1, checks=(check,)))
