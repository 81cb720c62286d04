"""Promotes a version from one stack to another: copied with its lineage as tags, checked there, then pinned there."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from model_ops import extras
from model_ops.deployed import DeployedStack
from model_ops.errors import PlanError, VersionError
from model_ops.pinning import pins
from model_ops.pinning.plan import PinPlan, plan_pin
from model_ops.served import judge
from model_ops.target import TargetModel
from model_ops.versions.lineage import TAG, Lineage, trace_lineage
from model_ops.versions.version import READY, Version
from model_ops.workspace.files import ModelFiles
from model_ops.workspace.mlflow_errors import explained
from model_ops.workspace.mlflow_session import signed_in
from model_ops.workspace.registry import Registry

LONGEST_TAG = 1000
"""Characters that Unity Catalog takes in the value of a tag. Tags are no place for persons: they may be replicated."""


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """A version on its way from one stack to another."""

    source: DeployedStack
    target: DeployedStack
    model: TargetModel
    """The model as the target stack has it."""
    lineage: Lineage
    """Where the version comes from, in the source stack."""
    tags: Mapping[str, str]
    """What its copy says of that."""
    copy: int | None
    """Its number in the target's registry; None until it is copied."""
    expected: int
    """The number that a copy gets, unless somebody registers another version first."""

    @property
    def edit(self) -> pins.PinEdit:
        """The pin in the target stack's file, by the number that the copy has or is expected to get."""
        return pins.plan(self.target.file, self.model.name, self.copy or self.expected)


def plan_promotion(
    source: DeployedStack, target: DeployedStack, name: str | None = None, number: int | None = None
) -> Promotion:
    """Plan to promote version `number`, or the one that the source stack pins and serves; nothing is touched.

    Raises PlanError where that does not serve, or is not READY; VersionError, StackError, WorkspaceError.
    """
    mine, its = source.model(name), target.model(name)
    chosen = number if number is not None else _serving(source, mine)
    lineage = trace_lineage(source, mine, chosen)
    if lineage.version.status != READY:
        raise PlanError(
            f"Version {chosen} of {mine.full_name} is {lineage.version.status}; only a READY one is copied."
        )
    tags = source_tags(source, lineage)
    known = Registry(target.workspace).versions(its.full_name)
    shared = mine.full_name == its.full_name and _metastore(source, mine) == _metastore(target, its)
    return Promotion(
        source=source,
        target=target,
        model=its,
        lineage=lineage,
        tags=tags,
        copy=chosen if shared else _copied(target, its, known, lineage.version, tags),
        expected=max((version.number for version in known), default=0) + 1,
    )


def copy_version(promotion: Promotion) -> Promotion:
    """Copy the version into the target's registry unless it is there, and give the promotion with its number.

    The copy is PENDING_REGISTRATION until all of its files are there. Raises VersionError, WorkspaceError and
    ExtraError.
    """
    if promotion.copy is not None:
        return promotion
    extras.require("scoring", "Copying a version to another registry")
    version, workspace = promotion.lineage.version, promotion.target.workspace
    with tempfile.TemporaryDirectory(prefix="model-ops-") as scratch:
        directory = Path(scratch) / f"{version.model}-v{version.number}"
        ModelFiles(promotion.source.workspace, version.model, version.number).download(directory)
        with signed_in(workspace.url, workspace.token, workspace.profile), explained(version.uri):
            return replace(promotion, copy=_registered(promotion, directory))


def _registered(promotion: Promotion, directory: Path) -> int:
    """Register the files in `directory` with the target that MLflow is signed in to, and give the version's number."""
    from mlflow import MlflowClient

    version = promotion.lineage.version
    # What MLflow calls private lets it say where the version comes from; else it names the directory that it copies.
    registered = MlflowClient()._create_model_version(
        promotion.model.full_name,
        version.source or version.uri,
        run_id=version.run_id,
        tags=dict(promotion.tags),
        description=version.description or None,
        local_model_path=str(directory),
    )
    return int(registered.version)


def plan_promoted_pin(promotion: Promotion, *, loading: bool = True, accept: Collection[str] = ()) -> PinPlan:
    """Check the copy in the target stack and plan to pin it there; raises PinError and WorkspaceError."""
    if promotion.copy is None:
        raise PlanError("The version is not copied yet. Copy it first: copy_version(promotion)")
    version = promotion.lineage.version
    reason = f"promoted from {promotion.source.label}, where it is version {version.number}"
    pinned = pins.read(promotion.target.file, promotion.model.name)
    if pinned is not None and promotion.copy < pinned:
        reason += f"; it is older than version {pinned}, which is pinned there: this goes back"
    return plan_pin(promotion.target, promotion.model, promotion.copy, loading=loading, accept=accept, reason=reason)


def source_tags(source: DeployedStack, lineage: Lineage) -> dict[str, str]:
    """Say where a version comes from, as tags; a version that was promoted before keeps its first origin too."""
    version, run, experiment = lineage.version, lineage.run, lineage.experiment
    said = {
        "stack": source.label,
        "workspace": source.workspace.url,
        "workspace_id": version.run_workspace_id,
        "model": version.model,
        "version": str(version.number),
        "run_id": version.run_id,
        "run_name": run.name if run else None,
        "experiment": experiment.name if experiment else None,
        "artifact_location": run.artifact_uri if run else None,
        "commit": run.commit if run else None,
        "registered": f"{version.created:%Y-%m-%dT%H:%M:%SZ}" if version.created else None,
    }
    kept = {f"origin_{name}": value for name, value in lineage.source.items() if not name.startswith("origin_")}
    first = {name: value for name, value in lineage.source.items() if name.startswith("origin_")} or kept
    return {f"{TAG}{name}": value[:LONGEST_TAG] for name, value in {**first, **said}.items() if value}


def _metastore(stack: DeployedStack, model: TargetModel) -> str:
    return Registry(stack.workspace).metastore(model.full_name)


def _serving(source: DeployedStack, model: TargetModel) -> int:
    number, expected = source.pinned(model), model.expected
    verdict = judge(source.workspace.endpoint(model.endpoint_name), expected) if expected else None
    if verdict is None or not verdict.served:
        reasons = "; ".join(verdict.reasons) if verdict else "nothing is pinned"
        raise PlanError(
            f"Stack {source.name} pins version {number}, and that is not what serves: {reasons}.\n"
            f"Mend that first ({source.commands.up}), or name a version: --version N"
        )
    return number


def _copied(
    target: DeployedStack, model: TargetModel, known: tuple[Version, ...], source: Version, tags: Mapping[str, str]
) -> int | None:
    """The number of a whole copy that an earlier promotion made; None where there is none."""
    wanted = {name: tags.get(f"{TAG}{name}") for name in ("workspace", "model", "version", "registered")}
    for version in known:
        if version.status != READY or version.run_id != source.run_id:
            continue
        try:
            found = Registry(target.workspace).version(model.full_name, version.number).tags
        except VersionError:
            continue
        if all(found.get(f"{TAG}{name}") == value for name, value in wanted.items()):
            return version.number
    return None
