"""Training a version: fit, evaluate, log as a run, register; MLflow's environment variables say where to."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import mlflow
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.sources import LocalArtifactDatasetSource
from mlflow.exceptions import MlflowException
from mlflow.models.model import ModelInfo

from examples.chatbot import artifact, evaluation, filling, indexing, passages
from examples.chatbot.evaluation import Evaluation, Half
from examples.chatbot.retrieval import Index
from examples.chatbot.versions import Version

RUN = "dbdemos_chatbot_rag"


@dataclass(frozen=True, kw_only=True)
class TrainedVersion:
    """What one training left in the tracking server and the registry."""

    number: int
    """The chatbot's version; the same as `model_version` where they are trained in order into an empty model."""
    model: str
    model_version: int
    run_id: str
    tuning: Evaluation
    report: Evaluation


def train(version: Version, *, model: str, experiment: str, remote: str | None = None) -> TrainedVersion:
    """Fit, evaluate, log and register `version`; both `model` and `experiment` are made if they do not exist.

    A version that reads an index of the workspace fills the one named `remote`, which must be there.
    """
    documents = passages.read()
    index = indexing.fit(version, documents)
    remote = _filled(version, index, remote)
    with mlflow.start_run(
        experiment_id=_experiment(experiment),
        run_name=RUN,
        description=version.why,
        tags={"version": str(version.number)},
    ) as run:
        mlflow.log_params(version.parameters | {"documents": len(documents), "features": len(index.rarity)})
        mlflow.log_input(_dataset("documents", passages.DOCUMENTS), context="training")
        logged = artifact.log(version, index, remote)
        tuning, report = (_evaluate(index, half, version, logged.model_id) for half in evaluation.HALVES)
    return TrainedVersion(
        number=version.number,
        model=model,
        model_version=_register(logged, model, version),
        run_id=run.info.run_id,
        tuning=tuning,
        report=report,
    )


def _filled(version: Version, index: Index, remote: str | None) -> str | None:
    """Write the passages where a version reads them, and name that index; None for one that carries its own."""
    if not version.remote or remote is None:
        return None
    filling.fill(remote, index)
    return remote


def _experiment(name: str) -> str:
    found = mlflow.get_experiment_by_name(name)
    return str(found.experiment_id if found else mlflow.create_experiment(name))


def _evaluate(index: Index, half: Half, version: Version, model_id: str) -> Evaluation:
    asked = evaluation.questions(half)
    result = evaluation.evaluate(index, asked, returned=version.passages)
    figures = {f"{half}_{name}": value for name, value in asdict(result).items()}
    dataset = _dataset(f"questions_{half}", evaluation.QUESTIONS / f"{half}.jsonl")
    mlflow.log_input(dataset, context=half)
    # Unless told which model the figures are of, MLflow takes the one that this process loaded last.
    mlflow.log_metrics(figures, model_id=model_id, dataset=dataset)
    return result


def _dataset(name: str, source: Path) -> MetaDataset:
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return MetaDataset(LocalArtifactDatasetSource(str(source)), name, digest)


def _register(logged: ModelInfo, model: str, version: Version) -> int:
    client = mlflow.MlflowClient()
    try:
        client.create_registered_model(model)
    except MlflowException as error:
        if error.error_code not in {"RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS"}:
            raise
    registered = client.create_model_version(
        model, logged.model_uri, run_id=logged.run_id, model_id=logged.model_id, description=version.why
    )
    return int(registered.version)


def described(trained: TrainedVersion) -> str:
    """Say on one line what a training made and how good it is on the report half."""
    report = trained.report
    return (
        f"version {trained.number}: {trained.model} {trained.model_version}, run {trained.run_id}, "
        f"hit rate@1 {report.hit_rate_at_1:.3f}, @3 {report.hit_rate_at_3:.3f}, MRR {report.mean_reciprocal_rank:.3f}"
    )
