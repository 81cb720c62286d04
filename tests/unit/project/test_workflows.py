"""What holds for every workflow; that each does its work is for tests/e2e/delivery to show."""

from __future__ import annotations

import re
import subprocess

from infra.settings.schema import Endpoint
from model_ops.cli import COMMANDS

PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
USES = re.compile(r"^ *(?:- )?uses: (?!\./)(.+)$", re.MULTILINE)
"""Whatever is used but is not of this repository."""
ACTIONS = {
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-python",
    "actions/upload-artifact",
    "azure/login",
}
IDENTITY = {
    "deploy-stack.up": "${{ inputs.stack }}",
    "drift-stack.look": "${{ inputs.stack }}-preview",
    "preview.review": "${{ matrix.stack }}-preview",
    "promote.from": "${{ inputs.from }}-preview",
    "promote.pin": "${{ inputs.to }}",
    "propose.propose": "${{ matrix.stack }}-preview",
    "rollback.pin": "${{ inputs.stack }}-preview",
}
"""The jobs that reach the cloud, and the GitHub environment of each, which says what it may."""
COMMAND = re.compile(r"^(?:make|\.venv/bin/model-ops) [^;&\n]+$")
"""One command; what it prints may go to a file too."""


def uses(workflow_files):
    return [found for path in workflow_files for found in USES.findall(path.read_text())]


def written(jobs):
    """What each job that has steps may write, beside having an identity."""
    levels = {name: job["permissions"] for name, job in jobs.items() if "steps" in job}
    return {name: {p for p, level in job.items() if level == "write"} for name, job in levels.items()}


def test_there_is_a_workflow_for_each_part_of_the_way(workflows):
    parts = {"ci", "deploy", "deploy-stack", "drift", "drift-stack", "preview", "promote", "propose", "rollback"}
    assert set(workflows) == parts


def test_every_step_is_one_command_that_a_laptop_runs_too_or_an_action(steps):
    commands = [step["run"] for step in steps if "run" in step]
    assert len(commands) > 40
    assert [command for command in commands if not COMMAND.match(command.strip().replace(" 2>&1 ", " "))] == []


def test_every_command_exists(steps, make_targets):
    words = [step["run"].split() for step in steps if "run" in step]
    assert {target for program, target, *_ in words if program == "make"} <= make_targets.keys()
    named = {name for program, name, *_ in words if program != "make"}
    assert {"stacks", "review", "comment", "current", "verify", "issue", "rollback", "promote"} <= named
    assert named - COMMANDS.keys() == set()


def test_every_action_is_pinned_by_a_full_commit_hash_and_says_its_version(workflow_files):
    assert {found.partition("@")[0] for found in uses(workflow_files)} == ACTIONS
    assert [found for found in uses(workflow_files) if not PINNED.match(found)] == []


def test_an_action_has_one_hash_in_all_workflows(workflow_files):
    assert len(set(uses(workflow_files))) == len(ACTIONS)


def test_no_workflow_grants_anything_and_every_job_names_its_permissions(workflows, jobs):
    assert {name for name, flow in workflows.items() if flow["permissions"] != {}} == set()
    assert {name for name, job in jobs.items() if not job.get("permissions")} == set()


def test_only_the_jobs_that_reach_the_cloud_get_an_identity_each_that_of_its_environment(jobs):
    may = written(jobs)
    assert {name for name, scopes in may.items() if "id-token" in scopes} == IDENTITY.keys()
    assert {name: job["environment"] for name, job in jobs.items() if "environment" in job} == IDENTITY


def test_what_is_written_to_the_repository_is_written_by_the_jobs_that_need_it(jobs):
    may = {name: scopes - {"id-token"} for name, scopes in written(jobs).items()}
    assert {name: scopes for name, scopes in may.items() if scopes} == {
        "deploy-stack.issue": {"issues"},
        "drift-stack.issue": {"issues"},
        "preview.comment": {"pull-requests"},
        "preview.untouched": {"pull-requests"},
        "promote.open": {"pull-requests"},
        "promote.pin": {"contents"},
        "propose.propose": {"contents", "pull-requests"},
        "rollback.open": {"pull-requests"},
        "rollback.pin": {"contents"},
    }


def test_every_job_ends_in_time(jobs):
    assert {name for name, job in jobs.items() if "steps" in job and "timeout-minutes" not in job} == set()


def test_no_checkout_leaves_a_token_behind(steps):
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_no_expression_is_written_into_a_shell_command(steps):
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_no_secret_is_stored(workflow_files):
    assert [path.name for path in workflow_files if re.search(r"\bsecrets[.\[]", path.read_text())] == []


def test_the_token_of_the_run_goes_to_a_step_that_needs_it_and_by_the_environment(jobs):
    asking = {
        name
        for name, job in jobs.items()
        if "github.token" in str([job.get("env"), *[step.get("env") for step in job.get("steps", ())]])
    }
    may_write = {name for name, scopes in written(jobs).items() if scopes - {"id-token"}}
    assert asking == may_write | {"deploy-stack.up"}


def test_the_jobs_that_reach_the_cloud_install_no_more_than_they_need(jobs):
    made = {
        name: [step["run"] for step in jobs[name]["steps"] if "make setup" in step.get("run", "")] for name in IDENTITY
    }
    assert made.pop("promote.pin") == ["make setup-scoring"]
    assert set(map(tuple, made.values())) == {("make setup-deploy",)}


def test_a_fork_gets_no_identity(workflows):
    assert all("pull_request_target" not in flow["on"] for flow in workflows.values())
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    assert all(own in workflows["preview"]["jobs"][name]["if"] for name in ("review", "untouched"))
    assert workflows["preview"]["jobs"]["comment"]["needs"] == ["stacks", "review"]
    assert workflows["preview"]["jobs"]["offline"]["permissions"] == {"contents": "read"}


def test_every_job_sees_the_cloud_as_the_deployment_does(jobs):
    def cloud(job):
        return {name: value for name, value in job["env"].items() if "vars." in value or "ARM_" in name}

    assert [name for name in IDENTITY if cloud(jobs[name]) != cloud(jobs["deploy-stack.up"])] == []


def test_one_run_of_a_stack_goes_at_a_time_and_no_deployment_is_cancelled(workflows):
    turn = {"cancel-in-progress": False, "queue": "max"}
    jobs = workflows["deploy-stack"]["jobs"]
    assert jobs["up"]["concurrency"] == {"group": "deploy-${{ inputs.stack }}", **turn}
    assert workflows["preview"]["jobs"]["review"]["concurrency"] == {"group": "preview-${{ matrix.stack }}", **turn}
    assert [
        name for name in ("deploy", "deploy-stack", "rollback", "promote") if "concurrency" in workflows[name]
    ] == []


def test_only_main_is_deployed_one_stack_after_the_other_and_none_after_one_that_failed(workflows):
    job = workflows["deploy"]["jobs"]["deploy"]
    assert "github.ref == 'refs/heads/main'" in job["if"]
    assert job["strategy"]["max-parallel"] == 1
    assert job["strategy"]["fail-fast"] is True


def test_a_commit_is_deployed_once_its_checks_passed(workflows):
    jobs = workflows["deploy"]["jobs"]
    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert set(jobs["deploy"]["needs"]) == {"stacks", "ci"}
    assert "needs.ci.result == 'success'" in jobs["deploy"]["if"]


def test_checks_of_a_commit_on_main_are_not_cancelled_by_those_of_the_next(workflows):
    assert set(workflows["ci"]["on"]) == {"pull_request", "workflow_call"}
    assert workflows["ci"]["concurrency"]["group"].endswith("|| github.run_id }}")


def test_the_checks_are_made_on_every_python_with_the_released_engine(workflows):
    job = workflows["ci"]["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make pulumi", "make test"]


def test_a_deployment_is_checked_to_be_current_before_it_signs_in(workflows):
    steps = workflows["deploy-stack"]["jobs"]["up"]["steps"]
    words = [step.get("run") or step["uses"] for step in steps]
    current = next(number for number, each in enumerate(words) if "model-ops current" in each)
    assert current < next(number for number, each in enumerate(words) if each.startswith("azure/login@"))


def test_an_update_its_proof_and_the_set_up_fit_into_a_deployment(workflows):
    job = workflows["deploy-stack"]["jobs"]["up"]
    assert job["timeout-minutes"] >= 2 * Endpoint.model_fields["timeout_minutes"].default + 30


def test_every_deployment_ends_with_the_proof_also_when_it_failed(workflows):
    steps = {step.get("id"): step for step in workflows["deploy-stack"]["jobs"]["up"]["steps"]}
    assert steps["up"]["run"].startswith("make up ")
    assert steps["proof"]["run"].startswith('.venv/bin/model-ops verify --stack "$STACK"')
    assert "!cancelled()" in steps["proof"]["if"]


def test_break_glass_goes_the_way_of_every_deployment_and_only_where_it_is_ticked(workflows):
    jobs = workflows["rollback"]["jobs"]
    assert (jobs["up"]["if"], jobs["up"]["uses"]) == ("inputs.break-glass", "./.github/workflows/deploy-stack.yml")
    assert workflows["rollback"]["on"]["workflow_dispatch"]["inputs"]["break-glass"]["default"] is False
    assert jobs["open"]["needs"] == ["pin", "up"]


def test_no_workflow_and_no_command_has_a_stacks_name_written_into_it(root):
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    rooms = (".github/", ".azuredevops/", "engine/", "model_ops/cli/", "Makefile")
    found = {
        path: names
        for path in listed
        if path.startswith(rooms) and path != ".azuredevops/stacks.yml"
        if (names := re.findall(r"""["'`, ](?:test|prod)(?:["'`,]| or | and )|test\|prod""", (root / path).read_text()))
    }
    assert found == {}
