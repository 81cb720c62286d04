"""One run of a pipeline of Azure DevOps: its stages, their jobs and steps, as the laid out file has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from tests.e2e.delivery import pipeline
from tests.e2e.delivery.agent import Agent
from tests.e2e.delivery.azure_api import PROJECT, REPOSITORY, AzureApi
from tests.e2e.delivery.expressions import Scope, shown, truth
from tests.e2e.delivery.machine import machine
from tests.e2e.delivery.pipeline import AZURE, Node, PipelineError
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import Event
from tests.e2e.delivery.running import Running

WORDS = {"success": "Succeeded", "failure": "Failed", "cancelled": "Canceled", "skipped": "Skipped"}
WORST = ("failure", "cancelled", "skipped")
RUNTIME = re.compile(r"\$\[(.*)\]")


@dataclass(frozen=True)
class Ended:
    """How a stage, a job or a step ended, and its outputs."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """What all runs of the pipelines share."""

    root: Path
    api: AzureApi
    queues: Queues
    approvals: Approvals
    sandboxes: Mapping[str, Path]
    """By the names of service connections, without `rollpin-`: the sandbox of the machines that use it."""


class PipelineRun(Running):
    """A run of the pipeline in `file`, whose parameters are the event's inputs."""

    def __init__(self, number: int, file: Path, event: Event, project: Project) -> None:
        self.file, self.event, self.project = file, event, project
        self.token = project.api.grant()
        super().__init__(number)

    def __str__(self) -> str:
        """Name it."""
        return f"run {self.number} of {self.file.parent.name}/{self.file.name}"

    def whole(self) -> str:
        """Run the stages, each behind those that it waits for."""
        laid_out = pipeline.lay_out(self.file, self.event.inputs)
        stages = {stage["stage"]: stage for stage in laid_out["stages"]}
        names = [None, *stages]
        needs = {name: pipeline.needs(stage, names[place]) for place, (name, stage) in enumerate(stages.items())}
        done: dict[str, Ended] = {}
        for name in TopologicalSorter(needs).static_order():
            done[name] = self._stage(stages[name], {each: done[each] for each in needs[name]}, laid_out["variables"])
        return _together(done.values(), skipped="success")

    def variables(self) -> dict[str, str]:
        """What Azure Pipelines says of a run; the token is not among what a step sees in its environment."""
        pull = self.event.payload.get("pull_request")
        said = {"Build.BuildId": str(self.number), "Build.SourceBranch": self.event.ref, "System.StageAttempt": "1"}
        said |= {"Build.SourceVersion": self.event.sha, "Build.Repository.Name": REPOSITORY}
        said |= {"Build.RequestedFor": "Ada", "Build.RequestedForEmail": "ada@acme.example"}
        said |= {"System.CollectionUri": f"{self.project.api.url}/", "System.TeamProject": PROJECT, "TF_BUILD": "True"}
        if pull:
            said |= {"System.PullRequest.PullRequestId": str(pull["number"])}
            said |= {"System.PullRequest.IsFork": str(pull["fork"])}
        return said

    def _stage(self, stage: Node, needed: Mapping[str, Ended], variables: Mapping[str, Any]) -> Ended:
        said = {**self.variables(), **_filled(variables, self.variables())}
        if not _holds(stage, needed, {"variables": said}):
            self.results[stage["stage"]] = "skipped"
            return Ended("skipped")
        jobs = {pipeline.name(job): job for job in stage["jobs"]}
        order = {name: pipeline.needs(job, None) for name, job in jobs.items()}
        done: dict[str, Ended] = {}
        with self._entered(stage):
            for name in TopologicalSorter(order).static_order():
                behind = {each: done[each] for each in order[name]}
                done[name] = self._job(stage["stage"], jobs[name], behind, needed, said)
                self.results[f"{stage['stage']} / {name}"] = done[name].result
        self.results[stage["stage"]] = _together(done.values(), skipped="success")
        outputs = {f"{name}.{key}": value for name, each in done.items() for key, value in each.outputs.items()}
        return Ended(self.results[stage["stage"]], outputs)

    @contextmanager
    def _entered(self, stage: Node) -> Iterator[None]:
        """What the environments of a stage ask for before it: an approval, and, in its turn, the exclusive lock."""
        environments = [job["environment"] for job in stage["jobs"] if "deployment" in job]
        if environments and stage.get("lockBehavior") != "sequential":
            raise PipelineError(f"{stage['stage']}: of those who wait for the lock all but the last would be dropped")
        environment = environments[0] if environments else None
        self.project.approvals.require(self.number, environment)
        with self.project.queues.turn(environment and f"lock-{environment}", self):
            yield

    def _job(
        self, stage: str, job: Node, needed: Mapping[str, Ended], before: Mapping[str, Ended], said: Mapping[str, str]
    ) -> Ended:
        contexts = {"variables": said, "stageDependencies": _by_jobs(before)}
        if not _holds(job, needed, contexts):
            return Ended("skipped")
        listed, groups = _listed(job.get("variables") or {})
        scope = Scope({**contexts, "dependencies": _told(needed)}, language=AZURE)
        values = {key: _evaluated(value, scope) for key, value in listed.items()}
        shown_as = f"{stage} / {pipeline.name(job)}"
        connection = groups[0].removeprefix("rollpin-") if groups else None
        room = self.project.root / f"{self.number}" / shown_as.replace(" / ", "-")
        own = machine(room, self.project.sandboxes[connection] if connection else None)
        variables = {**said, **values, "Pipeline.Workspace": str(own.root), "Agent.TempDirectory": str(own.root)}
        variables = _filled(variables, {**variables, "System.AccessToken": self.token})
        agent = Agent(own, self.event, room.parent / "artifacts", connection, variables, self.token)
        return self._steps(agent, job, shown_as)

    def _steps(self, agent: Agent, job: Node, shown_as: str) -> Ended:
        status = "success"
        self.tell(shown_as, "")
        for step in pipeline.steps(job):
            scope = Scope({"variables": agent.variables}, status, AZURE)
            if not truth(scope.value(step.get("condition", "succeeded()"))):
                continue
            passed, log = agent.act(step)
            title = step.get("displayName") or next(f"{key}: {value}" for key, value in step.items())
            self.tell(shown_as, f"── {title}\n{log}")
            status = status if passed else "failure"
        self.summary += agent.summary
        prefix = f"{job['deployment']}." if "deployment" in job else ""
        return Ended(status, {f"{prefix}{key}": value for key, value in agent.outputs.items()})


def _holds(node: Node, needed: Mapping[str, Ended], contexts: Mapping[str, Any]) -> bool:
    """Whether the condition of a stage or a job holds; one that it names takes the place of `succeeded()` whole."""
    told = {**contexts, "dependencies": _told(needed)}
    scope = Scope(told, _together(needed.values(), skipped="skipped"), AZURE)
    return truth(scope.value(node.get("condition", "succeeded()")))


def _told(needed: Mapping[str, Ended]) -> dict[str, Any]:
    return {name: {"result": WORDS[each.result], "outputs": each.outputs} for name, each in needed.items()}


def _by_jobs(stages: Mapping[str, Ended]) -> dict[str, Any]:
    """The outputs of the stages before, by their jobs."""
    found: dict[str, Any] = {}
    for stage, ended in stages.items():
        for key, value in ended.outputs.items():
            job, _, output = key.partition(".")
            found.setdefault(stage, {}).setdefault(job, {"outputs": {}})["outputs"][output] = value
    return found


def _listed(variables: Any) -> tuple[dict[str, str], list[str]]:
    """The variables of a job, and the groups that it takes."""
    if isinstance(variables, Mapping):
        return dict(variables), []
    groups = [each["group"] for each in variables if "group" in each]
    return {each["name"]: each["value"] for each in variables if "name" in each}, groups


def _evaluated(value: Any, scope: Scope) -> str:
    found = RUNTIME.fullmatch(str(value))
    result = scope.value(found.group(1)) if found else value
    return str(result) if isinstance(result, bool) else shown(result)


def _filled(values: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    return {key: pipeline.filled(value, variables) for key, value in values.items()}


def _together(ends: Any, *, skipped: str) -> str:
    """How several ended together; those that were skipped count as `skipped` says."""
    results = {skipped if each.result == "skipped" else each.result for each in ends}
    return next((each for each in WORST if each in results), "success")
