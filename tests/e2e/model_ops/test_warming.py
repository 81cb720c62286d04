"""`warm`: what is kept ready beside the pin, planned, checked, deployed, and told."""

from __future__ import annotations

import json

import pytest

from tests.e2e.model_ops.workplace import Workplace

QUICK = "--no-load"
LINE = "      warmVersions: [1]"


def test_a_version_that_is_kept_warm_is_ready_after_the_up_and_not_after_the_one_without_it(serving: Workplace) -> None:
    assert "keeps none warm" in serving.run("warm", "list").stderr
    planned = serving.run("warm", "add", "1", QUICK)
    assert planned.exit_code == 0
    assert "it costs as if it served" in planned.stdout
    assert f"\n+{LINE}\n" in planned.stdout
    assert "Nothing is changed yet" in planned.stderr
    assert serving.git("diff") == ""

    assert serving.run("warm", "add", "1", QUICK, "--yes").exit_code == 0
    assert serving.git("diff", "--numstat").split()[:2] == ["1", "0"]
    listed = serving.run("warm", "list")
    assert [line.split() for line in listed.stdout.splitlines()][2:] == [["1", "yes", "not", "deployed"]]
    assert "differ. Deploy it:" in listed.stderr
    assert serving.stack.run("up").error is None
    (kept,) = json.loads(serving.run("warm", "list", "--json").stdout)
    assert kept == {"number": 1, "in_file": True, "deployed": True, "ready": True}
    assert "version 1 is deployed and ready" in serving.run("pin", "1", QUICK).stdout

    gone = serving.run("warm", "remove", "1", "--yes")
    assert "is taken down with the next up" in gone.stdout
    assert serving.stack.run("up").error is None
    assert json.loads(serving.run("warm", "list", "--json").stdout) == []


def test_a_change_goes_on_a_branch_as_a_pin_does(serving: Workplace) -> None:
    done = serving.run("warm", "add", "1", QUICK, "--branch", "warm-1", "--yes")

    assert done.exit_code == 0
    assert serving.git("log", "-1", "--format=%s", "warm-1").strip().startswith("Keep version 1 of ")
    assert LINE in serving.git("show", "warm-1:Pulumi.local.yaml")
    assert serving.git("diff", "main") == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "99"), "does not exist"),
        (("add", "3"), "the retrieval index"),
        (("remove", "1"), "does not keep warm: it does none"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(serving: Workplace, words: tuple[str, ...], why: str) -> None:
    before = serving.file.read_bytes()
    result = serving.run("warm", *words, "--yes")

    assert (result.exit_code, why in result.output) == (1, True)
    assert serving.file.read_bytes() == before
    assert "Traceback" not in result.output


def test_one_that_is_kept_warm_already_is_told(serving: Workplace) -> None:
    serving.run("warm", "add", "2", QUICK, "--yes")
    again = serving.run("warm", "add", "2", QUICK, "--yes")

    assert (again.exit_code, "keeps warm already" in again.stderr) == (1, True)
    assert "version 2 is the pin: it serves on" in serving.run("warm", "remove", "2").stdout
