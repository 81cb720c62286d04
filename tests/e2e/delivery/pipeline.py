"""A pipeline of Azure DevOps as it is laid out before it runs: its templates put in, its `${{ … }}` filled.

https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions. A key that nothing here runs is
refused, not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.delivery.expressions import Language, Scope, contains, equal, shown, truth

Node = Mapping[str, Any]
ROOT = {"trigger", "pr", "schedules", "pool", "parameters", "variables", "extends", "stages"}
STAGE = {"stage", "dependsOn", "condition", "lockBehavior", "jobs"}
JOB = {
    *("job", "deployment", "environment", "dependsOn", "condition", "timeoutInMinutes", "variables"),
    *("steps", "strategy"),
}
STEP = {
    *("script", "task", "inputs", "checkout", "fetchDepth", "fetchTags", "persistCredentials", "publish", "download"),
    *("artifact", "patterns", "displayName", "name", "condition", "env"),
}
EACH = re.compile(r"\$\{\{ *each (\w+) in (.+?) *\}\}")
IF = re.compile(r"\$\{\{ *if (.+?) *\}\}")
MACRO = re.compile(r"\$\(([\w.]+)\)")


class PipelineError(Exception):
    """A pipeline that holds what nothing here runs, or that Azure DevOps would refuse."""


AZURE = Language(
    {
        "and": lambda *given: all(map(truth, given)),
        "or": lambda *given: any(map(truth, given)),
        "not": lambda given: not truth(given),
        "eq": equal,
        "ne": lambda left, right: not equal(left, right),
        "in": lambda one, *others: any(equal(one, each) for each in others),
        "contains": contains,
        "coalesce": lambda *given: next((each for each in given if each not in (None, "")), ""),
        "replace": lambda text, old, new: shown(text).replace(old, new),
    },
    {
        "succeeded": lambda status: status == "success",
        "failed": lambda status: status == "failure",
        "canceled": lambda status: status == "cancelled",
        "succeededOrFailed": lambda status: status != "cancelled",
        "always": lambda _: True,
    },
)


def lay_out(file: Path, given: Mapping[str, Any]) -> Node:
    """Read a pipeline and all of its templates, with the parameters that somebody gave."""
    read = _load(file)
    _known(read, ROOT, file.name)
    scope = _scope(read, given, file)
    variables = _expanded(read.get("variables") or {}, scope, file)
    if extended := _expanded(read.get("extends"), scope, file):
        stages = list(_template(extended, file, "stages"))
    else:
        stages = _expanded(read["stages"], scope, file, "stages")
    for stage in stages:
        _known(stage, STAGE, f"{file.name}: {stage.get('stage')}")
        for job in stage["jobs"]:
            _known(job, JOB, f"{file.name}: {stage['stage']}")
            for step in steps(job):
                _known(step, STEP, f"{file.name}: {stage['stage']}: {step.get('displayName')}")
    return {"variables": variables, "stages": stages}


def steps(job: Node) -> list[Node]:
    """The steps of a job, or of a deployment."""
    found: list[Node] = job["strategy"]["runOnce"]["deploy"]["steps"] if "deployment" in job else job["steps"]
    return found


def name(job: Node) -> str:
    """What a job is called."""
    return str(job.get("job") or job["deployment"])


def needs(node: Node, before: str | None) -> list[str]:
    """What a stage or a job waits for; where it does not say, a stage waits for the one before it."""
    said = node.get("dependsOn", [] if before is None else [before])
    return [said] if isinstance(said, str) else list(said)


def filled(text: object, variables: Mapping[str, str]) -> str:
    """Put the values of variables where `$(NAME)` stands; a name that none has stays, as for the shell."""
    return MACRO.sub(lambda found: variables.get(found[1], found[0]), str(text))


def _load(file: Path) -> Node:
    read: Node = YAML(typ="safe", pure=True).load(file)
    return read


def _scope(read: Node, given: Mapping[str, Any], file: Path) -> Scope:
    """The parameters of a file: those given, over its defaults; none that it does not declare."""
    declared = {each["name"]: each for each in read.get("parameters", ())}
    if unknown := given.keys() - declared.keys():
        raise PipelineError(f"{file.name} has no parameter {', '.join(sorted(unknown))}")
    if lacking := [each for each, said in declared.items() if each not in given and "default" not in said]:
        raise PipelineError(f"{file.name} lacks the parameter {', '.join(lacking)}")
    values = {each: _typed(given.get(each, said.get("default")), said["type"]) for each, said in declared.items()}
    return Scope({"parameters": values}, language=AZURE)


def _typed(value: Any, kind: str) -> Any:
    return str(value).lower() == "true" if kind == "boolean" else value


def _expanded(node: Any, scope: Scope, file: Path, section: str = "") -> Any:
    if isinstance(node, Mapping):
        found: dict[str, Any] = {}
        for key, value in node.items():
            if (inner := _directed(key, scope)) is None:
                found[shown(scope.filled(key))] = _expanded(value, scope, file, key)
                continue
            for each in inner:
                found |= _expanded(value, each, file, section)
        return found
    if isinstance(node, list):
        return [each for item in node for each in _item(item, scope, file, section)]
    return scope.filled(node)


def _item(item: Any, scope: Scope, file: Path, section: str) -> Iterator[Any]:
    """What an item of a list becomes: itself, what a directive makes of it, or what is in a template."""
    key = next(iter(item)) if isinstance(item, Mapping) else ""
    if (inner := _directed(key, scope)) is not None:
        for each in inner:
            yield from _expanded(item[key], each, file, section)
    elif key == "template":
        yield from _template(_expanded(item, scope, file), file, section)
    else:
        yield _expanded(item, scope, file, section)


def _directed(key: str, scope: Scope) -> list[Scope] | None:
    """The scopes that a directive repeats its content in; None where a key is no directive."""
    if found := IF.fullmatch(key):
        return [scope] if truth(scope.value(found.group(1))) else []
    if not (found := EACH.fullmatch(key)):
        return None
    values = scope.value(found.group(2))
    if isinstance(values, Mapping):
        values = [{"key": name, "value": value} for name, value in values.items()]
    return [Scope({**scope.contexts, found.group(1): each}, language=AZURE) for each in values]


def _template(item: Node, file: Path, section: str) -> Iterator[Any]:
    """What a template has of one section; its path is told from the file that names it."""
    inner = file.parent / item["template"]
    read = _load(inner)
    yield from _expanded(read[section], _scope(read, item.get("parameters") or {}, inner), inner, section)


def _known(node: Node, keys: set[str], where: str) -> None:
    if unknown := node.keys() - keys:
        raise PipelineError(f"{where}: nothing here runs {', '.join(sorted(unknown))}")
