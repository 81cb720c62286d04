"""The trail of a version: version → run → experiment → parameters, metrics, data, code; and back from a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model_ops.deployed import DeployedStack
from model_ops.errors import AbsentError, VersionError
from model_ops.target import TargetModel
from model_ops.versions import links
from model_ops.versions.detail import declared
from model_ops.versions.resources import Resource
from model_ops.versions.version import Experiment, Run, Version
from model_ops.workspace.registry import Registry
from model_ops.workspace.tracking import Tracking

LENGTH = 32
"""Characters of a run id."""
TAG = "rollpin_source_"
"""What the tags of a promoted version begin with; Unity Catalog takes none of `.,-=/:` in the key of a tag."""


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """Where a version comes from; what cannot be followed further is None, and `broken` says why."""

    version: Version
    run: Run | None
    experiment: Experiment | None
    siblings: tuple[tuple[str, int], ...]
    """Every version that was registered from the same run, as full name and number; itself among them."""
    links: Mapping[str, str]
    """Web pages of the version, the run and the experiment."""
    broken: str | None = None
    resources: tuple[Resource, ...] = ()
    """What it declares to use while it answers; empty too where its MLmodel file is gone."""

    @property
    def source(self) -> Mapping[str, str]:
        """Where it was promoted from, by the end of each tag: stack, workspace, model, version, run_id and so on."""
        tags = self.version.tags.items()
        return {name.removeprefix(TAG): value for name, value in tags if name.startswith(TAG)}


def trace_lineage(stack: DeployedStack, model: TargetModel, number: int) -> Lineage:
    """Follow a version back to its training; raises VersionError where it does not exist, and WorkspaceError."""
    version = Registry(stack.workspace).version(model.full_name, number)
    if version.run_id is None:
        return _without_run(stack, version, "it was registered without a run")
    try:
        run = Tracking(stack.workspace).run(version.run_id)
    except VersionError as error:
        origin = version.tags.get(f"{TAG}workspace")
        elsewhere = f"run {version.run_id} is in the workspace that it was promoted from: {origin}"
        return _without_run(stack, version, elsewhere if origin else error.headline)
    return _with_run(stack, version, run)


def versions_of_run(stack: DeployedStack, model: TargetModel, run_id: str) -> tuple[Lineage, ...]:
    """Follow a run forward to every version that was registered from it, of whichever model.

    A run id may be shortened as the lists show it, where a version of `model` is from that run. Raises VersionError
    where the run does not exist, and WorkspaceError.
    """
    registry = Registry(stack.workspace)
    whole = run_id if len(run_id) == LENGTH else _whole_id(registry, model, run_id)
    run = Tracking(stack.workspace).run(whole)
    found = [registry.version(name, number) for name, number in registry.versions_of_run(whole)]
    return tuple(_with_run(stack, version, run) for version in found)


def _whole_id(registry: Registry, model: TargetModel, start: str) -> str:
    known = {version.run_id for version in registry.versions(model.full_name) if version.run_id}
    fitting = sorted(run_id for run_id in known if start and run_id.startswith(start))
    if len(fitting) != 1:
        found = f"{len(fitting)} runs" if fitting else "no run"
        raise VersionError(f"{found} of the versions of {model.full_name} begins with {start!r}. Name it whole.")
    return fitting[0]


def _with_run(stack: DeployedStack, version: Version, run: Run) -> Lineage:
    url = stack.workspace.url
    try:
        experiment = Tracking(stack.workspace).experiment(run.experiment_id)
        broken = None
    except AbsentError as error:
        experiment, broken = None, f"its experiment is gone: {error}"
    return Lineage(
        version=version,
        run=run,
        experiment=experiment,
        siblings=tuple(sorted(Registry(stack.workspace).versions_of_run(run.run_id))),
        links={
            "version": links.version_page(url, version.model, version.number),
            "run": links.run_page(url, run.experiment_id, run.run_id),
            "experiment": links.experiment_page(url, run.experiment_id),
        },
        broken="its run is in the trash: restore it there while it can be" if run.deleted else broken,
        resources=declared(stack, version),
    )


def _without_run(stack: DeployedStack, version: Version, why: str) -> Lineage:
    page = links.version_page(stack.workspace.url, version.model, version.number)
    return Lineage(
        version=version,
        run=None,
        experiment=None,
        siblings=(),
        links={"version": page},
        broken=why,
        resources=declared(stack, version),
    )
