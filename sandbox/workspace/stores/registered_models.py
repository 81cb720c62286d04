"""Registered models and their versions as the rest of the API sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sandbox.workspace.api.paging import Page


@dataclass(frozen=True, kw_only=True)
class Model:
    """A registered model: `name` is catalog.schema.model; times are milliseconds since 1970."""

    name: str
    created_at: int
    updated_at: int
    comment: str = ""
    aliases: Mapping[str, int] = field(default_factory=dict)
    """Versions by alias, in lower case."""
    tags: Mapping[str, str] = field(default_factory=dict)

    def aliased(self, alias: str) -> int | None:
        """Give the version that an alias points at, whatever its case; None where there is no such alias."""
        return self.aliases.get(alias.lower())


@dataclass(frozen=True, kw_only=True)
class Version:
    """A model version; `status` is PENDING_REGISTRATION, READY or FAILED_REGISTRATION."""

    model: str
    version: int
    status: str
    created_at: int
    updated_at: int
    source: str = ""
    run_id: str = ""
    comment: str = ""
    aliases: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    """Why the registration failed."""
    storage: str = ""
    """Where the version keeps its own files; empty for one that refers to files elsewhere in the artifact store."""

    @property
    def label(self) -> str:
        """The version as messages name it."""
        return f"{self.model}/{self.version}"


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A version that is about to be registered; its files follow, into the directory that `storage` names."""

    model: str
    source: str
    storage: str
    run_id: str = ""
    comment: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Parameters and metrics of a logged model, in the words of the registry's protocol."""

    parameters: Sequence[Mapping[str, Any]] = ()
    metrics: Sequence[Mapping[str, Any]] = ()


class Registry(Protocol):
    """MLflow's model registry, and what is needed of its tracking store; errors are raised as ApiError."""

    def model(self, name: str) -> Model | None:
        """Give a model, or None."""

    def models(self, prefix: str, limit: int, token: str | None) -> Page[Model]:
        """Give models whose name starts with `prefix`; a page may be shorter than `limit` and not the last."""

    def create(self, name: str, comment: str, tags: Mapping[str, str]) -> Model:
        """Register a model with its tags."""

    def describe(self, name: str, comment: str) -> None:
        """Change a model's comment."""

    def rename(self, name: str, new_name: str) -> None:
        """Change a model's name."""

    def delete(self, name: str) -> None:
        """Remove a model and its versions."""

    def set_alias(self, name: str, alias: str, version: int) -> None:
        """Point an alias at a version."""

    def delete_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""

    def version(self, name: str, version: int) -> Version | None:
        """Give a version, or None."""

    def version_at(self, source: str) -> Version | None:
        """Give the version that an address names by its number, stage or alias; None for any other address."""

    def sharing(self, storage: str) -> Sequence[Version]:
        """Give the versions whose files are in a storage: the one that owns them, and copies that refer to it."""

    def versions(self, name: str, limit: int, token: str | None) -> Page[Version]:
        """Give versions, the latest first."""

    def find_versions(self, where: str, limit: int, token: str | None) -> Page[Version]:
        """Give the versions of all models for which MLflow's filter holds."""

    def begin_version(self, new: NewVersion) -> Version:
        """Register a version that is PENDING_REGISTRATION: its files are yet to come."""

    def end_version(self, name: str, version: int, failure: str = "") -> None:
        """Say that a pending version is READY, or FAILED_REGISTRATION and why."""

    def set_tag(self, name: str, version: int | None, key: str, value: str) -> None:
        """Set a tag of a model, or of one of its versions."""

    def delete_tag(self, name: str, version: int | None, key: str) -> None:
        """Remove a tag of a model, or of one of its versions."""

    def figures(self, model_id: str) -> Figures:
        """Give parameters and metrics of a logged model; none of one that is gone."""

    def describe_version(self, name: str, version: int, comment: str) -> None:
        """Change a version's comment."""

    def delete_version(self, name: str, version: int) -> None:
        """Remove a version."""

    def model_dir(self, name: str, version: int) -> Path:
        """Give the directory of a version's MLflow model; it lies in the artifact store."""

    def files(self, name: str, version: int) -> Path:
        """Give the directory of a version's files, whether or not they are there yet."""

    def download_uri(self, name: str, version: int) -> str:
        """Give the address of a version's files."""

    def storages(self) -> set[str]:
        """Name the storages that a version has its files in."""

    def artifacts(self, owner: str) -> str | None:
        """Give the address of a run's or logged model's artifacts; None where it or its experiment is not there."""

    def experiment_exists(self, experiment_id: str) -> bool:
        """Say whether an experiment is there and not deleted."""

    def free_experiment_name(self, experiment_id: str) -> None:
        """Take its name from an experiment that is about to be deleted."""
