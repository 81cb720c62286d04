"""A run keeps to its workflow's file: order, conditions, matrices, outputs, queues, approvals, permissions."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.delivery.github_api import GitHubApi
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import Event
from tests.e2e.delivery.run import Place, Run
from tests.e2e.delivery.workflow import WorkflowError, granted, read, starts_at

Start = Callable[..., Run]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "runs", GitHubApi(), Queues(), Approvals({"prod"}), {"prod": tmp_path / "sandbox"})


@pytest.fixture
def start(tmp_path: Path, place: Place) -> Start:
    """Write workflows and start the first of them."""
    files = tmp_path / ".github" / "workflows"
    files.mkdir(parents=True)
    numbers = iter(range(1, 100))

    def begin(*texts: str, **inputs: Any) -> Run:
        for number, text in enumerate(texts):
            (files / f"w{number}.yml").write_text(textwrap.dedent(text))
        event = Event(
            name="push", remote=tmp_path, ref="refs/heads/main", sha="a" * 40, payload={"title": "$(touch x)"}
        )
        return Run(next(numbers), files / "w0.yml", event, place)

    return begin


JOBS = """
    on: push
    defaults: {run: {shell: bash}}
    jobs:
      after:
        needs: [list]
        if: needs.list.outputs.stacks != '[]'
        strategy:
          matrix:
            stack: ${{ fromJSON(needs.list.outputs.stacks) }}
        steps:
          - run: echo "up of $STACK"; [ "$STACK" != prod ]
            env: {STACK: "${{ matrix.stack }}"}
      list:
        outputs: {stacks: "${{ steps.find.outputs.stacks }}"}
        steps:
          - id: find
            run: echo 'stacks=["test", "prod", "other"]' >>"$GITHUB_OUTPUT"
      issue:
        needs: after
        if: ${{ !cancelled() && needs.after.result == 'failure' }}
        steps: [{run: echo told}]
      never:
        needs: after
        steps: [{run: echo never}]
"""


def test_jobs_go_in_the_order_of_their_needs_and_the_rest_of_a_matrix_not_at_all_after_a_failure(start: Start) -> None:
    run = start(JOBS).ended()

    assert run.result == "failure"
    assert run.results == {
        "list": "success",
        "after (test)": "success",
        "after (prod)": "failure",
        "after (other)": "cancelled",
        "issue": "success",
        "never": "skipped",
    }
    assert run.log("after (test)").endswith("up of test\n")


STEPS = """
    on: push
    jobs:
      one:
        outputs: {said: "${{ steps.fails.outcome }}"}
        steps:
          - run: echo "NAME=value" >>"$GITHUB_ENV"; echo "**done**" >>"$GITHUB_STEP_SUMMARY"
          - {id: fails, run: "false | true", shell: bash, continue-on-error: true}
          - {run: "false"}
          - run: echo not reached
          - run: echo "$NAME $TITLE"
            if: always()
            env: {TITLE: "${{ github.event.title }}"}
"""


def test_steps_hand_on_variables_and_stop_at_a_failure_unless_told_otherwise(start: Start, place: Place) -> None:
    run = start(STEPS).ended()

    assert run.result == "failure"
    assert "not reached\n── " not in run.log("one")
    assert run.log("one").endswith("value $(touch x)\n")
    assert run.summary == "**done**\n"
    assert not list(place.root.rglob("x"))


CALLER = """
    on: push
    jobs:
      deploy:
        permissions: {issues: write}
        uses: ./.github/workflows/w1.yml
        with: {stack: prod}
"""
CALLED = """
    on: {workflow_call: {inputs: {stack: {required: true, type: string}, branch: {default: main}}}}
    jobs:
      up:
        environment: ${{ inputs.stack }}
        concurrency: deploy-${{ inputs.stack }}
        permissions: {issues: write, contents: write}
        steps:
          - run: echo "${{ inputs.stack }} ${{ inputs.branch }} $ROLLPIN_SANDBOX $TOKEN"
            env: {TOKEN: "${{ github.token }}"}
"""


def test_a_called_workflow_waits_for_its_approval_and_may_do_no_more_than_its_caller(
    start: Start, place: Place, tmp_path: Path
) -> None:
    run = start(CALLER, CALLED)
    place.approvals.await_asked(run.number, "prod")
    assert run.results == {}

    place.approvals.give(run.number, "prod")
    assert run.ended().results == {"deploy / up": "success", "deploy": "success"}

    (token,) = place.api.tokens
    assert place.api.tokens[token] == {"issues": "write"}
    assert run.log("deploy / up").endswith(f"prod main {tmp_path / 'sandbox'} {token}\n")
    assert place.queues.order == [("deploy-prod", run)]


def test_what_nothing_here_runs_is_refused(start: Start) -> None:
    with pytest.raises(WorkflowError, match="one: nothing here runs services"):
        start("on: push\njobs: {one: {services: {}, steps: []}}").ended()


@pytest.mark.parametrize(
    ("on", "starts"), [("push", True), ("{push: {branches: [other]}}", False), ("[pull_request]", False)]
)
def test_a_workflow_starts_at_its_own_events_alone(tmp_path: Path, on: str, starts: bool) -> None:
    (tmp_path / "w.yml").write_text(f"on: {on}\njobs: {{}}\n")
    assert starts_at(read(tmp_path / "w.yml"), "push", "refs/heads/main") == starts


def test_permissions_are_those_of_the_job_within_those_of_its_caller() -> None:
    asked = {"contents": "write", "issues": "write", "id-token": "write"}
    assert granted(asked, {"contents": "read", "issues": "write"}) == {"contents": "read", "issues": "write"}
    assert granted(asked, None) == asked
