"""A version and its lineage in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from model_ops import printable
from model_ops.cli.output import figure, size, when

if TYPE_CHECKING:
    from model_ops.signatures.row import Row
    from model_ops.versions.detail import VersionDetail
    from model_ops.versions.lineage import Lineage
    from model_ops.versions.resources import Resource
    from model_ops.versions.version import Dataset, File, Run, Version

Pairs = Iterator[tuple[str, str]]
FIELDS = ("side", "field", "type", "required", "default")
"""The columns of a table of fields."""


def field_cells(row: Row) -> list[str]:
    """Show a field of a signature as a row of such a table."""
    return [row.side, row.path, row.type, "yes" if row.required else "no", row.default or ""]


def version_pairs(detail: VersionDetail) -> Pairs:
    """Say everything of one version."""
    version, mlmodel = detail.version, detail.mlmodel
    yield "version", f"{version.number} of {version.model}"
    yield from _registration(version, detail.roles)
    yield "run", _run_name(detail.run) if detail.run else f"none: {detail.run_problem}"
    yield "artifact path", mlmodel.artifact_path or ""
    yield "files", f"{len(detail.files)}, {size(detail.size)} ({detail.size} bytes)"
    yield "flavors", "\n".join(_flavor(name, flavor) for name, flavor in mlmodel.flavors.items())
    yield "MLflow", mlmodel.text("mlflow_version") or ""
    yield "Databricks runtime", mlmodel.text("databricks_runtime") or ""
    yield "Python", mlmodel.python_version or ""
    for kind, file in mlmodel.environments.items():
        yield kind, detail.environments.get(file, f"{file}, which is not there").rstrip()
    yield "requirements", "\n".join(detail.requirements)
    yield "resources", _resources(detail.resources, mlmodel.declared.problem)
    yield "served with", _served_with(detail.served_with)
    yield "model uuid", mlmodel.text("model_uuid") or ""
    yield "created (UTC)", mlmodel.text("utc_time_created") or ""


def lineage_pairs(lineage: Lineage) -> Pairs:
    """Say the whole trail of one version."""
    from model_ops.versions.lineage import TAG

    version, run, experiment = lineage.version, lineage.run, lineage.experiment
    yield "version", f"{version.number} of {version.model}"
    own = {name: value for name, value in version.tags.items() if not name.startswith(TAG)}
    yield from _registration(replace(version, tags=own), ())
    yield "  page", lineage.links.get("version", "")
    yield "promoted from", "\n".join(printable.line(f"{name}: {value}") for name, value in lineage.source.items())
    if run is not None:
        yield "run", _run_name(run)
        yield "  page", lineage.links.get("run", "")
        yield "  ran", f"{when(run.started, seconds=True)} to {when(run.ended, seconds=True)}, by {run.user}"
        yield "  artifacts", run.artifact_uri
        yield "  code", _code(run)
        yield "  parameters", _named(run.parameters)
        yield "  metrics", _named({name: figure(value) for name, value in run.metrics.items()})
        yield "  data", "\n".join(_dataset(each) for each in run.datasets)
    if experiment is not None:
        yield "experiment", f"{experiment.name} ({experiment.experiment_id})"
        yield "  page", lineage.links.get("experiment", "")
        yield "  artifacts", experiment.artifact_location
    yield "resources", _resources(lineage.resources)
    others = [f"{name} version {number}" for name, number in lineage.siblings if (name, number) != _itself(version)]
    yield "same run", "\n".join(others)
    yield "the trail ends", lineage.broken or ""


def tree_lines(files: Sequence[File]) -> Iterator[str]:
    """Draw files below their directories, with their sizes."""
    seen: set[PurePosixPath] = set()
    for file in files:
        path = PurePosixPath(file.path)
        for parent in reversed(path.parents[:-1]):
            if parent not in seen:
                seen.add(parent)
                yield f"{'':>10}  {'  ' * (len(parent.parts) - 1)}{printable.line(parent.name)}/"
        yield f"{size(file.size):>10}  {'  ' * (len(path.parts) - 1)}{printable.line(path.name)}"


def _registration(version: Version, roles: Sequence[str]) -> Pairs:
    yield "status", version.status + (f": {version.status_message}" if version.status_message else "")
    yield "pinned as", ", ".join(roles)
    yield "aliases", ", ".join(version.aliases)
    yield "registered", f"{when(version.created, seconds=True)} by {version.created_by}"
    yield "last changed", f"{when(version.changed, seconds=True)} by {version.changed_by}"
    yield "description", version.description
    yield "tags", _named(version.tags)
    yield "source", version.source


def _itself(version: Version) -> tuple[str, int]:
    return version.model, version.number


def _run_name(run: Run) -> str:
    trash = ", in the trash" if run.deleted else ""
    return f"{run.name} ({run.run_id}), {run.status}{trash}"


def _flavor(name: str, flavor: Mapping[str, object]) -> str:
    released = flavor.get(f"{name}_version")
    return f"{name} {released}" if released else name


def _served_with(found: Mapping[str, str]) -> str:
    return "\n".join(printable.line(f"{name}: {text}") for name, text in found.items())


def _resources(found: Sequence[Resource], problem: str | None = None) -> str:
    lines = [str(each) for each in found]
    return "\n".join(map(printable.line, [*lines, f"cannot be read: {problem}"] if problem else lines))


def _code(run: Run) -> str:
    said = [run.tags.get("mlflow.source.name"), run.repository, run.commit and f"commit {run.commit}"]
    return ", ".join(each for each in said if each)


def _dataset(each: Dataset) -> str:
    purpose = each.context or "an unnamed purpose"
    return f"{each.name} (digest {each.digest}), for {purpose}, {each.source_type}: {each.source}"


def _named(values: Mapping[str, str]) -> str:
    return "\n".join(printable.line(f"{name} = {value}") for name, value in sorted(values.items()))
