"""What holds for every pipeline of Azure DevOps; none of them was run there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from infra.settings.schema import Endpoint
from model_ops.cli import main
from tests.unit.project.conftest import parse

COMMAND = re.compile(r"^(?:make|\.venv/bin/model-ops) [^;&|\n]*(?:2>&1)?$")
SWITCH = "git switch "
"""Azure Pipelines checks out a commit and no branch."""


@pytest.fixture
def files(root):
    return sorted((root / ".azuredevops").rglob("*.yml"))


@pytest.fixture
def steps(files) -> list[dict[str, Any]]:
    return [step for path in files for step in found(parse(path), ("script", "task", "checkout", "publish", "run"))]


def found(node: Any, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every mapping below `node` that has one of the keys: also behind a condition of a template."""
    if isinstance(node, dict):
        if any(kind in node for kind in kinds):
            yield node
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from found(each, kinds)


def commands(steps) -> list[str]:
    return [step.get("script") or step["run"] for step in steps if "script" in step or "run" in step]


def test_there_is_a_pipeline_to_preview_to_deploy_to_roll_back_and_to_look_for_drift(root):
    pipelines = {path.stem for path in (root / ".azuredevops").glob("*.yml")}
    assert pipelines == {"preview", "deploy", "rollback", "drift", "stacks"}


def test_every_step_is_one_command_that_a_laptop_runs_too_or_a_task(steps):
    ours = [command for command in commands(steps) if not command.startswith(SWITCH)]
    assert len(ours) > 20
    assert [command for command in ours if not COMMAND.match(command.strip())] == []


def test_nothing_that_somebody_typed_is_written_into_a_command(steps):
    assert [command for command in commands(steps) if "${{" in command or re.search(r"\$\((?!compgen )", command)] == []


def test_only_microsofts_own_tasks_are_used(steps):
    assert {step["task"] for step in steps if "task" in step} == {"AzureCLI@2", "UsePythonVersion@0"}


def test_no_checkout_leaves_a_token_behind(steps):
    assert {step["persistCredentials"] for step in steps if "checkout" in step} == {"false"}


def test_the_token_of_the_run_goes_by_the_environment_of_a_step(files):
    lines = [line.strip() for path in files for line in path.read_text().splitlines() if "System.AccessToken" in line]
    assert set(lines) == {"SYSTEM_ACCESSTOKEN: $(System.AccessToken)"}


def test_what_a_failed_stage_publishes_can_be_published_again_when_it_is_rerun(steps):
    kept = [
        step["artifact"] for step in steps if "publish" in step and "succeededOrFailed()" in step.get("condition", "")
    ]
    assert len(kept) == 3
    assert [artifact for artifact in kept if not artifact.endswith("-$(System.StageAttempt)")] == []


def test_every_job_ends_in_time(files):
    jobs = [job for path in files for job in found(parse(path), ("job", "deployment"))]
    assert len(jobs) >= 9
    assert [job for job in jobs if "timeoutInMinutes" not in job] == []


def test_an_update_its_proof_and_the_set_up_fit_into_a_deployment(root):
    up, _ = parse(root / ".azuredevops/templates/up.yml")["jobs"]
    assert int(up["timeoutInMinutes"]) >= 2 * Endpoint.model_fields["timeout_minutes"].default + 30


def test_a_deployment_goes_through_the_environment_of_its_stack_and_a_preview_through_another_identity(files, root):
    up, _ = parse(root / ".azuredevops/templates/up.yml")["jobs"]
    assert (up["environment"], up["variables"]) == (
        "${{ parameters.stack }}",
        [{"group": "rollpin-${{ parameters.stack }}"}],
    )
    names = {name for path in files for name in re.findall(r"connection: (rollpin-.*)", path.read_text())}
    assert names == {
        "rollpin-${{ parameters.stack }}",
        "rollpin-${{ parameters.stack }}-preview",
        "rollpin-${{ stack.name }}-preview",
    }


def test_a_deployment_is_checked_to_be_current_before_it_signs_in(root):
    text = (root / ".azuredevops/templates/up.yml").read_text()
    assert text.index("model-ops current") < text.index("connection:")


def test_the_one_list_of_stacks_says_what_their_files_say(root):
    printed = CliRunner().invoke(main, ["stacks", "--pipelines", "--project", str(root)]).stdout
    stale = "it is stale: .venv/bin/model-ops stacks --pipelines >.azuredevops/stacks.yml"
    assert (root / ".azuredevops/stacks.yml").read_text() == printed, stale


def test_each_stack_in_it_is_behind_all_that_have_to_have_succeeded(tmp_path):
    for stack, after in (("local", None), ("eu", "test"), ("prod", "eu"), ("test", None), ("lone", "nobody")):
        line = f"  rollpin:after: {after}\n" if after else ""
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(f"config:\n{line}  rollpin:models: {{}}\n")
    printed = CliRunner().invoke(main, ["stacks", "--pipelines", "--project", str(tmp_path)]).stdout
    *_, listed = YAML(typ="safe", pure=True).load(printed)["parameters"]
    behind = {stack["name"]: stack["behind"] for stack in listed["default"]}
    assert behind == {"lone": [], "test": [], "eu": ["test"], "prod": ["test", "eu"]}
    assert list(behind) == ["lone", "test", "eu", "prod"]
