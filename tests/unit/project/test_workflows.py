from __future__ import annotations

import re
import subprocess

import pytest
from semver import VersionInfo

from engine.pulumi_cli import OLDEST
from infra.settings.schema import Endpoint

PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
USES = re.compile(r"^ *(?:- )?uses: (?!\./)(.+)$", re.MULTILINE)
"""Whatever is used but is not of this repository."""
OURS = {"preview.preview", "deploy.up"}
"""The jobs that reach the cloud."""


def uses(workflow_files):
    return [found for path in workflow_files for found in USES.findall(path.read_text())]


def test_there_is_a_workflow_to_check_a_change_one_to_preview_it_and_one_to_deploy_it(workflows):
    assert set(workflows) == {"changed", "ci", "deploy", "preview"}


def test_every_action_is_pinned_by_a_full_commit_hash_and_says_its_version(workflow_files):
    assert uses(workflow_files)
    assert [found for found in uses(workflow_files) if not PINNED.match(found)] == []


def test_an_action_has_one_hash_in_all_workflows(workflow_files):
    actions = {found.partition("@")[0] for found in uses(workflow_files)}
    assert len(set(uses(workflow_files))) == len(actions)


def test_no_workflow_grants_anything_and_every_job_names_its_permissions(workflows, jobs):
    assert {name for name, flow in workflows.items() if flow["permissions"] != {}} == set()
    assert {name for name, job in jobs.items() if not job.get("permissions")} == set()


def test_only_the_jobs_that_reach_the_cloud_get_an_identity_and_only_preview_may_comment(jobs):
    written = {name: {p for p, level in job["permissions"].items() if level == "write"} for name, job in jobs.items()}
    assert {name for name, scopes in written.items() if "id-token" in scopes} == OURS
    assert {name: scopes - {"id-token"} for name, scopes in written.items() if scopes - {"id-token"}} == {
        "preview.preview": {"pull-requests"}
    }


def test_every_job_ends_in_time(jobs):
    assert {name for name, job in jobs.items() if "steps" in job and "timeout-minutes" not in job} == set()


def test_no_checkout_leaves_a_token_behind(steps):
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_no_expression_is_written_into_a_shell_command(steps):
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_no_secret_is_used_but_the_token_of_pulumi_cloud(workflow_files):
    secrets = {found for path in workflow_files for found in re.findall(r"secrets\.(\w+)", path.read_text())}
    assert secrets == {"PULUMI_ACCESS_TOKEN"}


def test_the_jobs_that_reach_the_cloud_install_the_plain_requirements_alone(jobs):
    made = {name: [step["run"] for step in jobs[name]["steps"] if "make " in step.get("run", "")] for name in OURS}
    assert made == {name: ["make setup-deploy"] for name in OURS}


def test_a_fork_gets_no_identity(workflows):
    assert all("pull_request_target" not in flow["on"] for flow in workflows.values())
    condition = workflows["preview"]["jobs"]["preview"]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition


def test_a_preview_has_another_identity_than_a_deployment(workflows):
    assert workflows["preview"]["jobs"]["preview"]["environment"] == "${{ matrix.stack }}-preview"
    assert workflows["deploy"]["jobs"]["up"]["environment"] == "${{ matrix.stack }}"


def test_a_preview_sees_the_cloud_as_the_deployment_does(workflows):
    assert workflows["preview"]["jobs"]["preview"]["env"] == workflows["deploy"]["jobs"]["up"]["env"]


def test_one_run_of_a_stack_goes_at_a_time_and_no_deployment_is_cancelled(workflows):
    for name, job in (("preview", "preview"), ("deploy", "up")):
        turn = workflows[name]["jobs"][job]["concurrency"]
        assert turn == {"group": f"{name}-${{{{ matrix.stack }}}}", "cancel-in-progress": False, "queue": "max"}
    assert "concurrency" not in workflows["deploy"]


def test_only_main_is_deployed_one_stack_after_the_other_and_none_after_one_that_failed(workflows):
    job = workflows["deploy"]["jobs"]["up"]
    assert "github.ref == 'refs/heads/main'" in job["if"]
    assert job["strategy"]["max-parallel"] == 1
    assert job["strategy"]["fail-fast"] is True


def test_a_commit_is_deployed_once_its_checks_passed(workflows):
    jobs = workflows["deploy"]["jobs"]
    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert set(jobs["up"]["needs"]) == {"changed", "ci"}
    assert "needs.ci.result == 'success'" in jobs["up"]["if"]


def test_checks_of_a_commit_on_main_are_not_cancelled_by_those_of_the_next(workflows):
    assert set(workflows["ci"]["on"]) == {"pull_request", "workflow_call"}
    assert workflows["ci"]["concurrency"]["group"].endswith("|| github.run_id }}")


def test_a_deployment_is_checked_to_be_current_before_anything_else(workflows):
    checkout, check, *_ = workflows["deploy"]["jobs"]["up"]["steps"]
    assert checkout["uses"].startswith("actions/checkout@")
    assert "FETCH_HEAD" in check["run"]


def test_an_update_its_proof_and_the_set_up_fit_into_a_deployment(workflows):
    job = workflows["deploy"]["jobs"]["up"]
    assert job["timeout-minutes"] >= 2 * Endpoint.model_fields["timeout_minutes"].default + 30


def test_a_preview_that_fails_says_so_in_the_summary(workflows):
    *_, last = workflows["preview"]["jobs"]["preview"]["steps"]
    assert last["if"] == "${{ failure() }}"
    assert "$GITHUB_STEP_SUMMARY" in last["run"]


@pytest.mark.parametrize(("outcome", "found"), [("failure", "was refused, or failed"), ("skipped", "did not begin")])
def test_the_summary_of_a_failed_preview_leads_to_the_log(workflows, tmp_path, outcome, found):
    *_, last = workflows["preview"]["jobs"]["preview"]["steps"]
    summary = tmp_path / "summary"
    environment = {"STACK": "prod", "PREVIEW": outcome, "RUN": "https://x/1", "GITHUB_STEP_SUMMARY": str(summary)}
    subprocess.run(["bash", "-eo", "pipefail", "-c", last["run"]], env=environment, check=True)
    assert summary.read_text().startswith(f"The preview of `prod` {found}")
    assert "[this run](https://x/1)" in summary.read_text()


def test_a_preview_is_a_comment_and_changes_nothing(workflows):
    steps = workflows["preview"]["jobs"]["preview"]["steps"]
    pulumi = [step["with"] for step in steps if step.get("uses", "").startswith("pulumi/actions@")]
    assert [(step["command"], step["comment-on-pr"]) for step in pulumi] == [("preview", True)]


def test_every_deployment_ends_with_the_proof_also_when_it_failed(workflows):
    *_, up, _, proof = workflows["deploy"]["jobs"]["up"]["steps"]
    assert up["with"]["command"] == "up"
    assert proof["run"].startswith('.venv/bin/model-ops verify --stack "$STACK"')
    assert "!cancelled()" in proof["if"]


def test_the_pulumi_cli_is_the_one_that_the_sandbox_builds(steps, root):
    versions = {step["with"]["pulumi-version"] for step in steps if "pulumi-version" in step.get("with", {})}
    module = re.search(r"pulumi/pkg/v3 v(\S+)", (root / "engine/go.mod").read_text())
    assert versions == {module[1]}
    assert VersionInfo.parse(module[1]) >= OLDEST
