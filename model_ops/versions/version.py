"""A model version, its training run and its files, as the workspace has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

READY = "READY"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A registered version; `status` is PENDING_REGISTRATION, READY or FAILED_REGISTRATION, times are in UTC."""

    model: str
    """Its full name: catalog.schema.model."""
    number: int
    status: str
    status_message: str = ""
    created: datetime | None = None
    changed: datetime | None = None
    created_by: str = ""
    changed_by: str = ""
    run_id: str | None = None
    run_workspace_id: str | None = None
    source: str = ""
    description: str = ""
    model_id: str | None = None
    aliases: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The address by which MLflow loads it."""
        return f"models:/{self.model}/{self.number}"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Data that a run took in: `context` says what for, such as training."""

    name: str
    digest: str
    context: str
    source_type: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A training run; `deleted` is true in the trash, from which it can still be restored."""

    run_id: str
    name: str
    experiment_id: str
    status: str
    deleted: bool
    user: str
    started: datetime | None
    ended: datetime | None
    artifact_uri: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    datasets: tuple[Dataset, ...]

    @property
    def commit(self) -> str | None:
        """The git commit of the code that ran, where MLflow, or a Databricks notebook in a git folder, recorded one."""
        return self.tags.get("mlflow.source.git.commit") or self.tags.get("mlflow.databricks.gitRepoCommit")

    @property
    def repository(self) -> str | None:
        """The repository of that commit, where it was recorded."""
        return self.tags.get("mlflow.source.git.repoURL") or self.tags.get("mlflow.databricks.gitRepoUrl")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What runs are logged to."""

    experiment_id: str
    name: str
    artifact_location: str
    deleted: bool


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a version's artifacts: its path below them, its size in bytes."""

    path: str
    size: int


def moment(milliseconds: Any) -> datetime | None:
    """Read a time in milliseconds since 1970, as the REST API sends it; None where it sends none."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None
