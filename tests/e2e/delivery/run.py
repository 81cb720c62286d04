"""One run of a workflow: its jobs and their steps, as the file has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.delivery import workflow
from tests.e2e.delivery.actions import act
from tests.e2e.delivery.expressions import Scope, shown, truth
from tests.e2e.delivery.github_api import REPOSITORY, GitHubApi
from tests.e2e.delivery.machine import Done, Machine, machine
from tests.e2e.delivery.queues import Approvals, Queues
from tests.e2e.delivery.repository import PERSON, Event
from tests.e2e.delivery.running import Running

STAND_INS = {"./.github/workflows/ci.yml"}
"""Workflows that a run passes over as if they had succeeded: lint and tests are what runs here anyway."""
Contexts = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """What all runs of a repository share."""

    root: Path
    api: GitHubApi
    queues: Queues
    approvals: Approvals
    sandboxes: Mapping[str, Path]
    """By the names of environments: the sandbox of the machines that their jobs run on."""
    profiles: Mapping[str, Path] = field(default_factory=dict)
    """By the names of environments: the Databricks config file with what else their identity may sign in to."""
    actor: Mapping[str, Any] = field(default_factory=lambda: dict(PERSON))


@dataclass(frozen=True)
class Ended:
    """How a job ended, a whole matrix of it, or a called workflow."""

    result: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


class Run(Running):
    """A run of the workflow in `file`."""

    def __init__(self, number: int, file: Path, event: Event, place: Place) -> None:
        self.file, self.event, self.place = file, event, place
        super().__init__(number)

    def __str__(self) -> str:
        """Name it."""
        return f"run {self.number} of {self.file.name}"

    def whole(self) -> str:
        """Run the workflow, and those that it calls."""
        return self._call(self.file, self.event.name, self.event.inputs, None, "").result

    def _call(self, file: Path, event: str, given: Mapping[str, Any], ceiling: Any, prefix: str) -> Ended:
        flow = workflow.read(file)
        contexts: Contexts = {"github": self._github(), "inputs": workflow.inputs(flow, event, given), "vars": {}}
        contexts["env"] = Scope(contexts).filled(flow.get("env") or {})
        done: dict[str, Ended] = {}
        with self.place.queues.turn(workflow.group(flow, Scope(contexts)), self):
            for name in workflow.in_order(flow):
                done[name] = self._job(file, flow, name, contexts, done, ceiling, prefix)
        outputs = ((flow["on"].get("workflow_call") or {}) if isinstance(flow["on"], Mapping) else {}).get(
            "outputs"
        ) or {}
        jobs = {name: {"result": each.result, "outputs": each.outputs} for name, each in done.items()}
        scope = Scope({**contexts, "jobs": jobs})
        return Ended(_all(done.values()), {name: scope.filled(each["value"]) for name, each in outputs.items()})

    def _job(
        self, file: Path, flow: Any, name: str, above: Contexts, done: Mapping[str, Ended], ceiling: Any, prefix: str
    ) -> Ended:
        job = flow["jobs"][name]
        needed = {each: done[each] for each in workflow.needs(job)}
        needs = {each: {"result": end.result, "outputs": end.outputs} for each, end in needed.items()}
        contexts = {**above, "needs": needs}
        scope = Scope(contexts, _all(needed.values(), skipped="skipped"))
        if not scope.condition(job.get("if")):
            self.results[prefix + name] = "skipped"
            return Ended("skipped")
        ends: list[Ended] = []
        for values in workflow.matrix(job, scope):
            shown_as = f"{prefix}{name}" + (f" ({', '.join(map(shown, values.values()))})" if values else "")
            fast = (job.get("strategy") or {}).get("fail-fast", True)
            if fast and any(each.result == "failure" for each in ends):
                ends.append(Ended("cancelled"))
            else:
                ends.append(self._one(file, flow, job, {**contexts, "matrix": values}, ceiling, shown_as))
            self.results[shown_as] = ends[-1].result
        return Ended(_all(ends), {key: value for each in ends for key, value in each.outputs.items() if value != ""})

    def _one(self, file: Path, flow: Any, job: Any, contexts: Contexts, ceiling: Any, shown_as: str) -> Ended:
        """One job of a matrix: a called workflow, or steps on a machine."""
        scope = Scope(contexts)
        permissions = workflow.granted(job.get("permissions", flow.get("permissions") or {}), ceiling)
        if called := job.get("uses"):
            if called in STAND_INS:
                return Ended("success")
            given = scope.filled(job.get("with") or {})
            return self._call(file.parents[2] / called, "workflow_call", given, permissions, f"{shown_as} / ")
        environment = scope.filled(job.get("environment"))
        with self.place.queues.turn(workflow.group(job, scope), self):
            self.place.approvals.require(self.number, environment)
            directory = self.place.root / f"{self.number}" / shown_as.replace("/", "_")
            of = environment or ""
            runner = machine(directory, self.place.sandboxes.get(of), self.place.profiles.get(of))
            contexts["github"] = {**contexts["github"], "token": self.place.api.grant(self._allowed(permissions))}
            return _Steps(self, flow, job, contexts, runner, shown_as).run()

    def _allowed(self, permissions: Mapping[str, str]) -> dict[str, str]:
        """A pull request from a fork gets nothing that it may write with."""
        pull = self.event.payload.get("pull_request")
        own = not pull or pull["head"]["repo"]["full_name"] == REPOSITORY
        return {name: level if own else "read" for name, level in permissions.items() if own or name != "id-token"}

    def _github(self) -> Contexts:
        return {
            "event_name": self.event.name,
            "event": dict(self.event.payload),
            "ref": self.event.ref,
            "sha": self.event.sha,
            "actor": self.place.actor["login"],
            "actor_id": str(self.place.actor["id"]),
            "repository": REPOSITORY,
            "run_id": str(self.number),
            "run_attempt": "1",
            "server_url": self.place.api.url,
            "api_url": self.place.api.url,
            "workflow": self.file.stem,
        }


@dataclass
class _Steps:
    """The steps of one job, on one machine."""

    of: Run
    flow: Any
    job: Any
    contexts: Contexts
    machine: Machine
    shown_as: str
    status: str = "success"
    variables: dict[str, str] = field(default_factory=dict)

    def run(self) -> Ended:
        steps = self.contexts["steps"] = {}
        self.contexts |= {"runner": {"temp": str(self.machine.root), "os": "Linux"}, "job": {}, "secrets": {}}
        self.of.tell(self.shown_as, "")
        for number, step in enumerate(self.job["steps"]):
            steps[step.get("id", f"__{number}")] = self._step(step)
        return Ended(self.status, Scope(self.contexts, self.status).filled(self.job.get("outputs") or {}))

    def _step(self, step: Any) -> Contexts:
        scope = self._scope(step)
        if not scope.condition(step.get("if")):
            return {"outcome": "skipped", "conclusion": "skipped", "outputs": {}}
        done = self._do(step, scope)
        self.of.tell(self.shown_as, f"── {step.get('name') or step.get('run') or step['uses']}\n{done.log}")
        self.of.summary += done.summary
        self.variables |= done.variables
        outcome = "success" if done.passed else "failure"
        excused = truth(scope.filled(step.get("continue-on-error", False)))
        if not done.passed and not excused:
            self.status = "failure"
        return {"outcome": outcome, "conclusion": "success" if excused else outcome, "outputs": dict(done.outputs)}

    def _scope(self, step: Any) -> Scope:
        """The contexts of a step, with the variables that it sees."""
        variables = dict(self.contexts["env"])
        for said in (self.job.get("env") or {}, self.variables, step.get("env") or {}):
            filled = Scope({**self.contexts, "env": variables}).filled(said) if said is not self.variables else said
            variables |= {name: shown(value) for name, value in filled.items()}
        return Scope({**self.contexts, "env": variables}, self.status)

    def _do(self, step: Any, scope: Scope) -> Done:
        if action := step.get("uses"):
            artifacts = self.of.place.root / f"{self.of.number}" / "artifacts"
            return act(action, scope.filled(step.get("with") or {}), self.machine, self.of.event, artifacts)
        defaults = {
            **(self.flow.get("defaults") or {}).get("run", {}),
            **(self.job.get("defaults") or {}).get("run", {}),
        }
        environment = {name: shown(value) for name, value in {**self._said(), **scope.contexts["env"]}.items()}
        shell, place = step.get("shell", defaults.get("shell", "")), step.get("working-directory", "")
        return self.machine.run(shown(scope.filled(step["run"])), shell, environment, place)

    def _said(self) -> dict[str, str]:
        """What GitHub says of itself in every step's environment; the token is not among it."""
        said = {f"GITHUB_{name.upper()}": each for name, each in self.contexts["github"].items() if name != "event"}
        return {name: each for name, each in said.items() if name != "GITHUB_TOKEN"} | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.machine.workspace),
        }


def _all(ends: Any, *, skipped: str = "success") -> str:
    """How several ended together; those that were skipped count as `skipped` says."""
    results = {skipped if each.result == "skipped" else each.result for each in ends}
    return next((each for each in ("failure", "cancelled", "skipped") if each in results), "success")
