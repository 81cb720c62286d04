"""Runs and experiments, over the part of MLflow's REST API that Databricks has too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model_ops.errors import AbsentError, VersionError
from model_ops.versions.version import Dataset, Experiment, Run, moment
from model_ops.workspace.client import Workspace

API = "/api/2.0/mlflow"
PAGE = 100
"""Runs a page, and run ids a search: a filter of these has 4 kB."""
STRANGERS = 3
"""How many runs that the stack's own experiment does not have are looked up by themselves."""


class Tracking:
    """The runs of a workspace; every method raises WorkspaceError where it does not answer."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def run(self, run_id: str) -> Run:
        """Give a run, from the trash too; raises VersionError where there is none."""
        try:
            return _run(self._workspace.part(f"{API}/runs/get", {"run_id": run_id}, "run"))
        except AbsentError:
            raise VersionError(
                f"Run {run_id} does not exist in {self._workspace.url}: it was deleted for good, or is in another "
                "workspace.\nA version that was promoted says in its tags where its run is; its files are its own."
            ) from None

    def runs(self, run_ids: Iterable[str], experiment_name: str) -> Mapping[str, Run]:
        """Give those runs of the experiment that there are, by id: one call for it, and one a page of runs.

        Where it lacks some, a few of them are looked up by themselves, and each that there is brings with it those of
        its experiment. The runs of versions that were promoted are in another workspace: those are not given.
        """
        wanted, found = list(dict.fromkeys(run_ids)), dict[str, Run]()
        experiment = self._named(experiment_name) if wanted else None
        if experiment is not None:
            found |= self._search(wanted, experiment)
        for _ in range(STRANGERS):
            missing = [run_id for run_id in wanted if run_id not in found]
            if not missing:
                break
            try:
                first = self.run(missing[0])
            except VersionError:
                wanted.remove(missing[0])
                continue
            found |= self._search(missing, first.experiment_id) | {first.run_id: first}
        return found

    def experiment(self, experiment_id: str) -> Experiment:
        """Give an experiment, from the trash too; raises AbsentError where there is none."""
        query = {"experiment_id": experiment_id}
        return _experiment(self._workspace.part(f"{API}/experiments/get", query, "experiment"))

    def _named(self, name: str) -> str | None:
        try:
            found = self._workspace.part(f"{API}/experiments/get-by-name", {"experiment_name": name}, "experiment")
        except AbsentError:
            return None
        return str(found["experiment_id"])

    def _search(self, run_ids: Sequence[str], experiment_id: str) -> dict[str, Run]:
        found: dict[str, Run] = {}
        for start in range(0, len(run_ids), PAGE):
            some = ", ".join(f"'{run_id}'" for run_id in run_ids[start : start + PAGE])
            body = {
                "experiment_ids": [experiment_id],
                "filter": f"attributes.run_id IN ({some})",
                "run_view_type": "ALL",
                "max_results": PAGE,
            }
            for page in self._workspace.pages(f"{API}/runs/search", body, method="POST"):
                runs = [_run(each) for each in page.get("runs") or ()]
                found |= {run.run_id: run for run in runs}
        return found


def _run(found: Mapping[str, Any]) -> Run:
    info, data = found["info"], found.get("data") or {}
    inputs = (found.get("inputs") or {}).get("dataset_inputs") or ()
    return Run(
        run_id=str(info["run_id"]),
        name=str(info.get("run_name") or ""),
        experiment_id=str(info.get("experiment_id") or ""),
        status=str(info.get("status") or ""),
        deleted=info.get("lifecycle_stage") == "deleted",
        user=str(info.get("user_id") or ""),
        started=moment(info.get("start_time")),
        ended=moment(info.get("end_time")),
        artifact_uri=str(info.get("artifact_uri") or ""),
        parameters=_pairs(data.get("params")),
        metrics={str(each["key"]): float(each["value"]) for each in data.get("metrics") or ()},
        tags=_pairs(data.get("tags")),
        datasets=tuple(_dataset(each) for each in inputs),
    )


def _pairs(found: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    return {str(each["key"]): str(each.get("value", "")) for each in found or ()}


def _dataset(found: Mapping[str, Any]) -> Dataset:
    dataset, tags = found.get("dataset") or {}, _pairs(found.get("tags"))
    return Dataset(
        name=str(dataset.get("name") or ""),
        digest=str(dataset.get("digest") or ""),
        context=tags.get("mlflow.data.context", ""),
        source_type=str(dataset.get("source_type") or ""),
        source=str(dataset.get("source") or ""),
    )


def _experiment(found: Mapping[str, Any]) -> Experiment:
    return Experiment(
        experiment_id=str(found["experiment_id"]),
        name=str(found.get("name") or ""),
        artifact_location=str(found.get("artifact_location") or ""),
        deleted=found.get("lifecycle_stage") == "deleted",
    )
