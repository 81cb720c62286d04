"""What changes from one version to another: signature, metrics, parameters, dependencies, resources, size, code."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from model_ops.deployed import DeployedStack
from model_ops.signatures.compatibility import Compatibility, compare
from model_ops.signatures.signature import Signature
from model_ops.target import TargetModel
from model_ops.versions.detail import VersionDetail, describe_version
from model_ops.versions.metrics import MetricChange
from model_ops.versions.requirement import pins_of
from model_ops.versions.version import File
from model_ops.workspace.files import AT_ONCE, LARGEST_READ, ModelFiles

Kind = Literal["added", "removed", "changed"]
CACHE = "__pycache__"
"""What Python leaves beside code that ran where it lies; it says nothing that the code does not."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A parameter, a dependency or a fact that differs; None where one version does not have it."""

    name: str
    first: str | None
    second: str | None


@dataclass(frozen=True, kw_only=True)
class CodeChange:
    """A file of the code that the two versions do not share."""

    path: str
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions of one model, the second against the first."""

    first: VersionDetail
    second: VersionDetail
    signature: Compatibility
    metrics: tuple[MetricChange, ...]
    """Every metric that one of them has."""
    parameters: tuple[Difference, ...]
    dependencies: tuple[Difference, ...]
    """Pinned packages, and the Python, MLflow and Databricks runtime that they were logged with."""
    resources: tuple[Difference, ...]
    """What only one of them declares to use, or as whom it uses it."""
    serving: tuple[Difference, ...]
    """What the endpoint serves the two with, where both are deployed."""
    code: tuple[CodeChange, ...]
    commits: tuple[str | None, str | None]
    """The commit that each run's code came from, where it is known."""


def compare_versions(stack: DeployedStack, model: TargetModel, first: int, second: int) -> Comparison:
    """Compare two versions; raises VersionError where one of them does not exist, SignatureError and WorkspaceError."""
    with ThreadPoolExecutor(2) as pool:
        details = pool.map(lambda number: describe_version(stack, model, number), (first, second))
        a, b = tuple(details)
    runs = [detail.run for detail in (a, b)]
    return Comparison(
        first=a,
        second=b,
        signature=compare(signature_of(a), signature_of(b)),
        metrics=_metrics(*(run.metrics if run else {} for run in runs)),
        parameters=differences(*(run.parameters if run else {} for run in runs)),
        dependencies=differences(_dependencies(a), _dependencies(b)),
        resources=differences(_resources(a), _resources(b)),
        serving=_serving(a, b),
        code=_code(stack, model, a, b),
        commits=(runs[0].commit if runs[0] else None, runs[1].commit if runs[1] else None),
    )


def signature_of(detail: VersionDetail) -> Signature | None:
    """Read the signature of a version; None where it has none; raises SignatureError where it cannot be read."""
    return Signature.from_mlmodel(detail.mlmodel.signature)


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Difference, ...]:
    """Name what two mappings do not share, in the order of the names."""
    names = sorted(first.keys() | second.keys())
    pairs = [(name, first.get(name), second.get(name)) for name in names]
    return tuple(Difference(name=name, first=one, second=other) for name, one, other in pairs if one != other)


def _metrics(first: Mapping[str, float], second: Mapping[str, float]) -> tuple[MetricChange, ...]:
    names = sorted(first.keys() | second.keys())
    return tuple(MetricChange(name=name, first=first.get(name), second=second.get(name)) for name in names)


def _serving(a: VersionDetail, b: VersionDetail) -> tuple[Difference, ...]:
    if not (a.served_with and b.served_with):
        return ()
    return tuple(each for each in differences(a.served_with, b.served_with) if each.name != "served entity")


def _dependencies(detail: VersionDetail) -> dict[str, str]:
    said = {
        "(python)": detail.mlmodel.python_version,
        "(mlflow that logged it)": detail.mlmodel.text("mlflow_version"),
        "(databricks runtime)": detail.mlmodel.text("databricks_runtime"),
    }
    return {name: value for name, value in said.items() if value} | pins_of(detail.requirements)


def _resources(detail: VersionDetail) -> dict[str, str]:
    return {
        f"{each.kind} {each.name}": "on behalf of the user" if each.on_behalf_of_user else "declared"
        for each in detail.resources
    }


def _code(stack: DeployedStack, model: TargetModel, a: VersionDetail, b: VersionDetail) -> tuple[CodeChange, ...]:
    one, other = ({file.path: file for file in code_files(detail)} for detail in (a, b))
    changes = [CodeChange(path=path, kind="removed") for path in one.keys() - other.keys()]
    changes += [CodeChange(path=path, kind="added") for path in other.keys() - one.keys()]
    sides = [ModelFiles(stack.workspace, model.full_name, detail.version.number) for detail in (a, b)]

    def differs(path: str) -> bool:
        if one[path].size != other[path].size:
            return True
        return one[path].size <= LARGEST_READ and sides[0].read(path) != sides[1].read(path)

    shared = sorted(one.keys() & other.keys())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = zip(shared, pool.map(differs, shared), strict=True)
        changes += [CodeChange(path=path, kind="changed") for path, changed in answers if changed]
    return tuple(sorted(changes, key=lambda change: change.path))


def code_files(detail: VersionDetail) -> tuple[File, ...]:
    """The files of a version that are its code: what the flavors name as code, and all Python."""
    roots = {str(flavor["code"]) for flavor in detail.mlmodel.flavors.values() if flavor.get("code")}
    return tuple(
        file
        for file in detail.files
        if CACHE not in PurePosixPath(file.path).parts
        and (file.path.endswith(".py") or any(root in map(str, PurePosixPath(file.path).parents) for root in roots))
    )
