"""`pin` and `rollback`: the plan first, one line with `--yes`, or a commit on a branch; nothing where it is refused."""

import pytest

from tests.e2e.model_ops.workplace import MODEL, Workplace

QUICK = "--no-load"


def test_a_pin_shows_its_plan_and_changes_nothing_without_yes(serving: Workplace) -> None:
    before = serving.file.read_bytes()
    result = serving.run("pin", "1", QUICK)
    assert result.exit_code == 0
    assert "-      servedVersion: 2\n+      servedVersion: 1" in result.stdout
    assert "is not warm: going there deploys it first" in result.stdout
    assert "Nothing is changed yet" in result.stderr
    assert serving.file.read_bytes() == before


def test_a_pin_changes_the_one_line_with_yes(serving: Workplace) -> None:
    result = serving.run("pin", "1", QUICK, "--yes")
    assert result.exit_code == 0
    assert f"Then deploy it: make -C {serving.directory} up STACK=local" in result.stderr
    assert serving.git("diff", "--numstat").split()[:2] == ["1", "1"]
    assert serving.pinned() == 1


@pytest.mark.parametrize(("version", "why"), [("99", "does not exist"), ("3", "the retrieval index")])
def test_a_version_that_fails_a_check_is_not_pinned(serving: Workplace, version: str, why: str) -> None:
    before = serving.file.read_bytes()
    result = serving.run("pin", version, "--yes")
    assert (result.exit_code, why in result.output) == (1, True)
    assert "Nothing was changed" in result.stderr
    assert serving.file.read_bytes() == before


def test_for_a_version_that_does_not_exist_what_serves_is_proposed_and_not_the_newest(serving: Workplace) -> None:
    said = serving.run("pin", "99").stdout
    place = f"--stack local --project {serving.directory}"
    assert f"version 2 serves now; name one that was proven to serve: model-ops history {place} lists them" in said


def test_a_canary_that_is_promoted_goes_from_the_file_and_it_is_said(serving: Workplace) -> None:
    text = serving.file.read_text()
    canary = "      canary: {version: 1, percent: 10}  # tried since Monday\n"
    serving.file.write_text(text.replace("      servedVersion: 2\n", f"      servedVersion: 2\n{canary}"))
    result = serving.run("pin", "1", QUICK, "--yes")
    assert result.exit_code == 0
    assert "version 1 is the canary: it gets all of the traffic, and the canary goes from the file" in result.stdout
    assert serving.file.read_text() == text.replace("servedVersion: 2", "servedVersion: 1")


def test_a_canary_that_stays_is_said_too(serving: Workplace) -> None:
    text = serving.file.read_text()
    canary = "      canary: {version: 3, percent: 10}\n"
    serving.file.write_text(text.replace("      servedVersion: 2\n", f"      servedVersion: 2\n{canary}"))
    said = serving.run("rollback", QUICK).stdout
    assert "version 3 stays the canary beside it" in said


def test_a_file_that_the_program_would_refuse_is_not_written(serving: Workplace) -> None:
    """The mistake is another model's: the whole file is read, as by the program."""
    text = serving.file.read_text()
    serving.file.write_text(f"{text.rstrip()}\n    fraud: {{catalog: local, schema: chatbot, servedVersion: latest}}\n")
    before = serving.file.read_bytes()
    result = serving.run("pin", "1", QUICK, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "would be refused by the program with version 1" in result.stderr
    assert "rollpin:models.fraud.servedVersion" in result.stderr
    assert serving.file.read_bytes() == before


def test_a_rollback_takes_the_version_that_was_proven_to_serve_before(serving: Workplace) -> None:
    result = serving.run("rollback", QUICK, "--yes")
    assert result.exit_code == 0
    assert "version 1: it served before version 2; it was proven to serve from" in result.stdout
    assert serving.pinned() == 1
    again = serving.run("rollback", QUICK, "--yes")
    assert (again.exit_code, "goes back to version 1 already" in again.stderr) == (1, True)
    assert serving.pinned() == 1


def test_after_a_rollout_that_was_never_proven_a_rollback_goes_to_what_serves_still(serving: Workplace) -> None:
    serving.pin(3, commit=False)
    result = serving.run("rollback", QUICK, "--yes")
    assert result.exit_code == 0
    assert "the file pins version 3, and version 2 is the last that was proven to serve" in result.stdout
    assert serving.pinned() == 2


def test_once_it_is_deployed_a_second_rollback_does_not_go_forward_again(serving: Workplace) -> None:
    try:
        serving.serve(1)
        result = serving.run("rollback", QUICK, "--yes")
        assert (result.exit_code, serving.pinned()) == (1, 1)
        assert "Version 1 serves, and before it the newer version 2 did" in result.stderr
        forward = f"model-ops rollback --to 2 --stack local --project {serving.directory}"
        assert f"To go forward again: {forward} (it was proven to serve from" in result.stderr
        told = serving.run("rollback", "--to", "2", QUICK, "--yes")
        assert (told.exit_code, serving.pinned()) == (0, 2)
    finally:
        serving.git("checkout", "--quiet", "--force", "main")
        serving.serve(2)


def test_an_update_that_failed_for_another_model_keeps_no_rollback_from_its_neighbour(serving: Workplace) -> None:
    text = serving.file.read_text()
    serving.file.write_text(
        f"{text.rstrip()}\n    fraud: {{catalog: local, schema: chatbot, createCatalog: true, servedVersion: 99}}\n"
    )
    assert serving.stack.run("up").error is not None
    result = serving.run("rollback", "--model", MODEL, QUICK)
    assert result.exit_code == 0
    assert "version 1: it served before version 2" in result.stdout


def test_a_rollback_can_be_told_where_to_and_says_what_is_known_of_it(serving: Workplace) -> None:
    result = serving.run("rollback", "--to", "3", QUICK)
    assert result.exit_code == 0
    assert "version 3: it was never proven to serve here" in result.stdout


def test_a_branch_gets_the_commit_and_the_work_tree_stays(serving: Workplace) -> None:
    head = serving.git("rev-parse", "HEAD")
    result = serving.run("rollback", QUICK, "--yes", "--branch", "rollback-1")
    assert result.exit_code == 0
    assert f"model-ops pull-request rollback-1 --project {serving.directory} --yes" in result.stderr
    assert serving.git("show", "--format=%s", "--numstat", "rollback-1").split("\n")[0] == (
        f"Pin version 1 of {MODEL} in local (was 2)"
    )
    assert (serving.git("rev-parse", "HEAD"), serving.git("status", "--porcelain"), serving.pinned()) == (head, "", 2)
    taken = serving.run("rollback", QUICK, "--yes", "--branch", "rollback-1")
    assert (taken.exit_code, "rollback-1" in taken.stderr) == (1, True)


def test_a_dirty_tree_is_refused_a_branch_and_nothing_changes(serving: Workplace) -> None:
    project = serving.directory / "Pulumi.yaml"
    project.write_text(f"{project.read_text()}# a change\n")
    result = serving.run("pin", "1", QUICK, "--yes", "--branch", "dirty")
    assert (result.exit_code, "Pulumi.yaml" in result.stderr) == (1, True)
    assert serving.git("branch", "--list", "dirty") == ""
    assert serving.pinned() == 2


def test_a_detached_head_is_refused_a_branch_and_nothing_changes(serving: Workplace) -> None:
    serving.git("checkout", "--quiet", "--detach")
    result = serving.run("pin", "1", QUICK, "--yes", "--branch", "detached")
    assert (result.exit_code, "detached" in result.stderr) == (1, True)
    assert serving.git("branch", "--list", "detached") == ""


def test_what_is_pinned_already_is_said_so(serving: Workplace) -> None:
    result = serving.run("pin", "2", QUICK, "--yes")
    assert (result.exit_code, "pins version 2 already" in result.stderr) == (0, True)


def test_a_check_that_failed_can_be_accepted_by_its_name_and_the_plan_says_so(serving: Workplace) -> None:
    refused = serving.run("pin", "3")
    assert (refused.exit_code, "It failed: loads." in refused.stderr) == (1, True)
    accepted = serving.run("pin", "3", "--accept", "loads")
    assert (accepted.exit_code, "ACCEPTED  loads: FileNotFoundError" in accepted.stdout) == (0, True)
    assert serving.run("pin", "99", "--accept", "loads").exit_code == 1
    assert serving.run("pin", "3", "--accept", "exists").exit_code == 2
