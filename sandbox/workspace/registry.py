"""The only module that touches MLflow's stores: Unity Catalog's models are MLflow's registered models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mlflow.exceptions import MlflowException
from mlflow.server.handlers import _get_model_registry_store, _get_tracking_store

from sandbox.workspace.errors import ApiError, invalid
from sandbox.workspace.model_files import directory
from sandbox.workspace.registered import Model, Page, Version

_EXPERIMENT_ID = re.compile(r"[0-9]{1,18}")
_ABSENT = {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"}
Found = TypeVar("Found")


class MlflowRegistry:
    """Reads and writes the stores of the MLflow server in this process."""

    def __init__(self, artifacts: Path) -> None:
        self._artifacts = artifacts
        self._models: Any = _get_model_registry_store()
        self._runs: Any = _get_tracking_store()

    def model(self, name: str) -> Model | None:
        """Give a model, or None."""
        found = _or_none(lambda: self._models.get_registered_model(name))
        return None if found is None else _model(found)

    def models(self, prefix: str, limit: int, token: str | None) -> Page[Model]:
        """Give models whose name starts with `prefix`, in the order of their names."""
        # LIKE takes `_` for any character, so that the names are looked at again.
        where = f"name LIKE '{prefix}%'" if prefix else None
        with _translated():
            found = self._models.search_registered_models(where, max_results=limit, page_token=token)
        kept = [_model(model) for model in found if model.name.startswith(prefix) and model.name.count(".") == 2]
        return Page(kept, found.token or None)

    def create(self, name: str, comment: str) -> Model:
        """Register a model; raises ApiError when it exists."""
        with _translated():
            return _model(self._models.create_registered_model(name, description=comment))

    def describe(self, name: str, comment: str) -> None:
        """Change a model's comment."""
        with _translated():
            self._models.update_registered_model(name, comment)

    def rename(self, name: str, new_name: str) -> None:
        """Change a model's name; raises ApiError when the new one is taken."""
        with _translated():
            self._models.rename_registered_model(name, new_name)

    def delete(self, name: str) -> None:
        """Remove a model and its versions."""
        with _translated():
            self._models.delete_registered_model(name)

    def set_alias(self, name: str, alias: str, version: int) -> None:
        """Point an alias at a version."""
        with _translated():
            self._models.set_registered_model_alias(name, alias, str(version))

    def delete_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""
        with _translated():
            self._models.delete_registered_model_alias(name, alias)

    def version(self, name: str, version: int) -> Version | None:
        """Give a version, or None."""
        found = _or_none(lambda: self._models.get_model_version(name, str(version)))
        return None if found is None else _version(found)

    def versions(self, name: str, limit: int, token: str | None) -> Page[Version]:
        """Give versions, the latest first."""
        order = ["version_number DESC"]
        with _translated():
            found = self._models.search_model_versions(f"name = '{name}'", limit, order, token)
        return Page([_version(version) for version in found], found.token or None)

    def describe_version(self, name: str, version: int, comment: str) -> None:
        """Change a version's comment."""
        with _translated():
            self._models.update_model_version(name, str(version), comment)

    def delete_version(self, name: str, version: int) -> None:
        """Remove a version."""
        with _translated():
            self._models.delete_model_version(name, str(version))

    def model_dir(self, name: str, version: int) -> Path:
        """Give the directory of a version's MLflow model; raises ApiError when it is not in the artifact store."""
        with _translated():
            uri = str(self._models.get_model_version_download_uri(name, str(version)))
            return directory(self._artifacts, self._run_artifact(uri) if uri.startswith("runs:") else uri)

    def experiment_exists(self, experiment_id: str) -> bool:
        """Say whether an experiment is there and not deleted."""
        return self._experiment(experiment_id) is not None

    def free_experiment_name(self, experiment_id: str) -> None:
        """Take its name from an experiment that is about to be deleted, as Databricks' trash does.

        MLflow keeps the names of deleted experiments: without this, none of that name could be made again.
        """
        if (found := self._experiment(experiment_id)) is not None:
            with _translated():
                self._runs.rename_experiment(experiment_id, f"{found.name} (deleted {experiment_id})")

    def _experiment(self, experiment_id: str) -> Any:
        if not _EXPERIMENT_ID.fullmatch(experiment_id):
            return None
        found = _or_none(lambda: self._runs.get_experiment(experiment_id))
        return found if found is not None and found.lifecycle_stage == "active" else None

    def _run_artifact(self, uri: str) -> str:
        run_id, _, path = urlsplit(uri).path.strip("/").partition("/")
        return f"{self._runs.get_run(run_id).info.artifact_uri}/{path}"


def _model(model: Any) -> Model:
    return Model(
        name=model.name,
        created_at=model.creation_timestamp,
        updated_at=model.last_updated_timestamp,
        comment=model.description or "",
        aliases={alias: int(version) for alias, version in model.aliases.items()},
    )


def _version(version: Any) -> Version:
    return Version(
        model=version.name,
        version=int(version.version),
        status=version.status,
        created_at=version.creation_timestamp,
        updated_at=version.last_updated_timestamp,
        source=version.source or "",
        run_id=version.run_id or "",
        comment=version.description or "",
        aliases=tuple(version.aliases),
    )


def _or_none(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except MlflowException as error:
        if error.error_code in _ABSENT:
            return None
        raise _translate(error) from error


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except MlflowException as error:
        raise _translate(error) from error


def _translate(error: MlflowException) -> ApiError:
    if error.error_code == "INVALID_PARAMETER_VALUE":
        return invalid(error.message)
    return ApiError(error.get_http_status_code(), error.error_code, error.message)
