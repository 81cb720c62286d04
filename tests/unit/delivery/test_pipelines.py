"""A run of a pipeline keeps to its file: templates, conditions, outputs, artifacts, approvals, who is signed in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.delivery.agent import AgentError
from tests.e2e.delivery.azure_api import AzureApi
from tests.e2e.delivery.pipeline import PipelineError, lay_out
from tests.e2e.delivery.pipeline_run import PipelineRun, Project
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import Event

Start = Callable[..., PipelineRun]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "runs").mkdir()
    return Project(tmp_path / "runs", AzureApi(), Queues(), Approvals({"prod"}), {"prod": tmp_path / "sandbox"})


@pytest.fixture
def start(tmp_path: Path, project: Project) -> Start:
    """Write a pipeline and its templates, and start it."""

    def begin(text: str, **templates: str) -> PipelineRun:
        for name, each in {"p": text, **templates}.items():
            (tmp_path / f"{name}.yml").write_text(textwrap.dedent(each))
        event = Event(name="push", remote=tmp_path, ref="refs/heads/main", sha="a" * 40, inputs={})
        return PipelineRun(7, tmp_path / "p.yml", event, project)

    return begin


STAGES = """
    variables: {BRANCH: "back-$(Build.BuildId)"}
    stages:
      - template: stages.yml
        parameters: {stacks: [{name: test, behind: []}, {name: prod, behind: [test]}]}
"""
TEMPLATE = """
    parameters: [{name: stacks, type: object}, {name: loud, type: boolean, default: "false"}]
    stages:
      - stage: list
        jobs:
          - job: list
            steps:
              - script: echo "##vso[task.setvariable variable=found;isOutput=true]prod%3B100%AZP25"
                name: names
      - ${{ each stack in parameters.stacks }}:
          - stage: ${{ stack.name }}
            dependsOn: [list, "${{ each before in stack.behind }}": ["${{ before }}"]]
            condition: and(not(failed()), contains(dependencies.list.outputs['list.names.found'], '${{ stack.name }}'))
            jobs:
              - job: up
                variables:
                  SAID: $[ stageDependencies.list.list.outputs['names.found'] ]
                steps:
                  - script: echo "up of $STACK from $BRANCH as $SAID $(echo shell)"
                    env: {STACK: "${{ stack.name }}"}
                  - ${{ if parameters.loud }}: [{script: echo loud}]
"""


def test_a_stage_is_made_for_each_item_and_runs_where_its_condition_holds(start: Start) -> None:
    run = start(STAGES, stages=TEMPLATE).ended()

    assert run.results == {"list / list": "success", "list": "success", "test": "skipped"} | {
        "prod / up": "success",
        "prod": "success",
    }
    assert run.log("prod / up").endswith("up of prod from back-7 as prod;100% shell\n")


FAILS = """
    stages:
      - stage: one
        jobs:
          - job: look
            steps:
              - {script: "echo text >found.txt; false"}
              - {script: echo not reached}
              - {publish: found.txt, artifact: found, condition: succeededOrFailed()}
          - job: issue
            dependsOn: look
            condition: in(dependencies.look.result, 'Succeeded', 'Failed')
            variables: {WELL: "$[ eq(dependencies.look.result, 'Succeeded') ]"}
            steps:
              - {download: current, artifact: found}
              - {script: 'cat "$PIPELINE_WORKSPACE/found/found.txt"; echo "$WELL"'}
              - {script: echo closed, condition: "eq(variables['WELL'], 'True')"}
      - {stage: two, jobs: [{job: never, steps: []}]}
"""


def test_after_a_failure_only_what_asks_for_it_runs_and_artifacts_are_handed_on(start: Start) -> None:
    run = start(FAILS).ended()

    assert run.result == "failure"
    assert run.results["two"] == "skipped"
    assert "not reached\n── " not in run.log("one / look")
    assert run.log("one / issue").endswith("text\nFalse\n")


DEPLOYS = """
    stages:
      - stage: up
        lockBehavior: sequential
        jobs:
          - deployment: up
            environment: prod
            variables: [{group: rollpin-prod}]
            strategy:
              runOnce:
                deploy:
                  steps:
                    - script: echo "token '$SYSTEM_ACCESSTOKEN', $ROLLPIN_SANDBOX"
                    - task: AzureCLI@2
                      displayName: Up
                      inputs: {azureSubscription: rollpin-CONNECTION, scriptType: bash, inlineScript: echo up}
"""


def test_a_deployment_waits_for_its_approval_and_no_step_has_a_token_that_it_does_not_ask_for(
    start: Start, project: Project, tmp_path: Path
) -> None:
    run = start(DEPLOYS.replace("CONNECTION", "prod"))
    project.approvals.await_asked(run.number, "prod")
    assert run.results == {}

    project.approvals.give(run.number, "prod")

    assert run.ended().results == {"up / up": "success", "up": "success"}
    assert f"token '', {tmp_path / 'sandbox'}\n" in run.log("up / up")
    assert project.queues.order == [("lock-prod", run)]


def test_a_step_that_signs_in_as_another_stack_is_not_run(start: Start, project: Project) -> None:
    project.approvals.give(7, "prod")
    with pytest.raises(AgentError, match="rollpin-other"):
        start(DEPLOYS.replace("CONNECTION", "other")).ended()


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("stages: [{stage: one, pool: {}, jobs: []}]", {}, "nothing here runs pool"),
        ("parameters: [{name: stack, type: string}]\nstages: []", {}, "lacks the parameter stack"),
        ("stages: []", {"stack": "prod"}, "has no parameter stack"),
    ],
)
def test_what_nothing_here_runs_is_refused(tmp_path: Path, text: str, given: dict[str, Any], said: str) -> None:
    (tmp_path / "p.yml").write_text(text)
    with pytest.raises(PipelineError, match=said):
        lay_out(tmp_path / "p.yml", given)
