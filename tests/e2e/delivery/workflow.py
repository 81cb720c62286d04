"""A workflow file, read as far as this project's use it; a key that nothing here runs is refused, not passed over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.delivery.expressions import Scope

Node = Mapping[str, Any]
OF_WORKFLOW = {"name", "on", "permissions", "defaults", "jobs", "env", "concurrency", "run-name"}
OF_JOB = {
    *("name", "needs", "if", "runs-on", "environment", "permissions", "env", "outputs", "steps", "uses", "with"),
    *("strategy", "concurrency", "timeout-minutes", "defaults", "secrets"),
}
OF_STEP = {
    *("name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory"),
    *("continue-on-error", "timeout-minutes"),
}


class WorkflowError(Exception):
    """A workflow that holds what nothing here runs."""


def read(file: Path) -> Node:
    """Read a workflow; raises WorkflowError where it has a key that nothing here runs."""
    workflow: Node = YAML(typ="safe").load(file)
    _known(workflow, OF_WORKFLOW, file.name)
    for name, job in workflow["jobs"].items():
        _known(job, OF_JOB, f"{file.name}: {name}")
        for step in job.get("steps", ()):
            _known(step, OF_STEP, f"{file.name}: {name}: {step.get('name')}")
    return workflow


def starts_at(workflow: Node, event: str, ref: str) -> bool:
    """Whether an event starts it."""
    on = workflow["on"]
    on = {on: None} if isinstance(on, str) else dict.fromkeys(on) if isinstance(on, list) else on
    branches = (on.get(event) or {}).get("branches")
    return event in on and (not branches or ref.removeprefix("refs/heads/") in branches)


def in_order(workflow: Node) -> list[str]:
    """The jobs, each behind those that it needs, and else as they stand."""
    return list(TopologicalSorter({name: needs(job) for name, job in workflow["jobs"].items()}).static_order())


def needs(job: Node) -> list[str]:
    """The jobs that one waits for."""
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else list(found)


def matrix(job: Node, scope: Scope) -> Iterator[dict[str, Any]]:
    """The values of each job that a matrix makes; one without any where there is no matrix."""
    axes = scope.filled((job.get("strategy") or {}).get("matrix") or {})
    yield from (dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values()))


def inputs(workflow: Node, event: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a called or dispatched workflow gets: what was given, over its defaults."""
    declared = (workflow["on"].get(event) or {}).get("inputs") or {} if isinstance(workflow["on"], Mapping) else {}
    if unknown := given.keys() - declared.keys():
        raise WorkflowError(f"there is no input {', '.join(sorted(unknown))}")
    lacking = [name for name, each in declared.items() if each.get("required") and given.get(name) in (None, "")]
    if lacking:
        raise WorkflowError(f"the input {', '.join(lacking)} is required")
    return {name: given.get(name, each.get("default", "")) for name, each in declared.items()}


def group(node: Node, scope: Scope) -> str | None:
    """The name of the concurrency group of a job or of a workflow."""
    said = scope.filled(node.get("concurrency"))
    return said if said is None or isinstance(said, str) else str(said["group"])


def granted(asked: Mapping[str, str], ceiling: Mapping[str, str] | None) -> dict[str, str]:
    """A job's permissions, none beyond those of the job that calls its workflow."""
    if ceiling is None:
        return dict(asked)
    return {name: "read" if ceiling[name] == "read" else level for name, level in asked.items() if name in ceiling}


def _known(node: Node, keys: set[str], where: str) -> None:
    if unknown := node.keys() - keys:
        raise WorkflowError(f"{where}: nothing here runs {', '.join(sorted(unknown))}")
