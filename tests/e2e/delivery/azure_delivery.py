"""The same repository and workspaces, where Azure DevOps has the pull requests and its pipelines do the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.e2e.delivery.azure_api import AzureApi
from tests.e2e.delivery.delivery import Delivery, Edit
from tests.e2e.delivery.pipeline_run import PipelineRun, Project
from tests.e2e.delivery.repository import ROOT, Event

MAIN = "refs/heads/main"


@dataclass
class AzureDelivery:
    """What a story acts on and asks; what there is of a delivery past its forge is that of `common`."""

    common: Delivery
    project: Project
    numbers: Any = field(default_factory=lambda: count(5001))

    @property
    def api(self) -> AzureApi:
        """What stands in for Azure DevOps."""
        return self.project.api

    def open(self, branch: str, edit: Edit, title: str = "Change a stack") -> int:
        """Open a pull request of an edit of main; gives its number."""
        self.common.repository.branch(branch, edit, title)
        return int(self.api.open(branch, title)["pullRequestId"])

    def preview(self, number: int, *, fork: bool = False) -> PipelineRun:
        """What the build validation of main's branch policy starts."""
        branch = self.api.pulls[number]["sourceRefName"].removeprefix("refs/heads/")
        sha = self.common.repository.proposed(number, branch)
        pull = {"pull_request": {"number": number, "fork": fork}}
        return self._run("preview", f"refs/pull/{number}/merge", sha, payload=pull)

    def merge(self, number: int) -> PipelineRun:
        """Complete a pull request; gives the run of the deployment, which goes on."""
        pull = self.api.pulls[number]
        branch = pull["sourceRefName"].removeprefix("refs/heads/")
        _, after = self.common.repository.merged(number, branch, pull["title"])
        pull["status"] = "completed"
        return self._run("deploy", MAIN, after)

    def start(self, pipeline: str, **parameters: Any) -> PipelineRun:
        """Start a pipeline by hand, or as its schedule does, on main."""
        return self._run(pipeline, MAIN, self.common.repository.main, inputs=parameters)

    def approve(self, run: PipelineRun, environment: str) -> PipelineRun:
        """Approve a run for an environment once it asks, and wait for its end."""
        self.project.approvals.await_asked(run.number, environment)
        self.project.approvals.give(run.number, environment)
        return run.ended()

    def _run(self, pipeline: str, ref: str, sha: str, **more: Mapping[str, Any]) -> PipelineRun:
        event = Event(name=pipeline, remote=self.common.repository.remote, ref=ref, sha=sha, **more)
        return PipelineRun(next(self.numbers), ROOT / ".azuredevops" / f"{pipeline}.yml", event, self.project)
