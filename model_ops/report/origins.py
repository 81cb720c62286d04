"""Follows versions back to the run, the data and the code that made them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from model_ops.credential import hidden
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError
from model_ops.report.picture import Origin
from model_ops.target import TargetModel
from model_ops.versions.lineage import Lineage, trace_lineage
from model_ops.versions.version import Dataset

AT_ONCE = 4


def read_origins(stack: DeployedStack, model: TargetModel, numbers: Sequence[int]) -> tuple[Origin, ...]:
    """Follow each of those versions, in their order; where a trail ends early, the origin says why."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda number: _origin(stack, model, number), numbers))


def _origin(stack: DeployedStack, model: TargetModel, number: int) -> Origin:
    try:
        return told(trace_lineage(stack, model, number))
    except ModelOpsError as error:
        return Origin(version=number, created=None, created_by="", broken=error.headline)


def told(lineage: Lineage) -> Origin:
    """What a report shows of a lineage: parameters and tags, which may hold anything, are not among it."""
    version, run, source = lineage.version, lineage.run, lineage.source
    copied = [source.get("stack", ""), f"version {source['version']}" if "version" in source else ""]
    return Origin(
        version=version.number,
        created=version.created,
        created_by=version.created_by,
        run_id=version.run_id,
        run_name=hidden(run.name) if run else "",
        experiment=lineage.experiment.name if lineage.experiment else "",
        data=tuple(_dataset(each) for each in run.datasets) if run else (),
        commit=run.commit if run else None,
        repository=hidden(run.repository or "") if run else "",
        promoted_from=", ".join(each for each in copied if each),
        links=lineage.links,
        broken=lineage.broken,
    )


def _dataset(dataset: Dataset) -> str:
    """Its name, digest and use; not its source, which may hold a signed address."""
    use = f", for {dataset.context}" if dataset.context else ""
    return f"{hidden(dataset.name)} ({dataset.digest}{use})"
