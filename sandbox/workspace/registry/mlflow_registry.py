"""The only module that asks MLflow's stores, with `version_rows`: Unity Catalog's models are MLflow's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException
from mlflow.server.handlers import _get_model_registry_store, _get_tracking_store
from mlflow.store.artifact.utils.models import get_model_name_and_version

from sandbox.workspace.api.errors import ApiError, invalid
from sandbox.workspace.api.paging import Page
from sandbox.workspace.registry import version_rows
from sandbox.workspace.registry.model_files import directory, located
from sandbox.workspace.registry.version_files import address, storage_of
from sandbox.workspace.stores.registered_models import Figures, Model, NewVersion, Version

_EXPERIMENT_ID = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,9}")
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

    def create(self, name: str, comment: str, tags: Mapping[str, str]) -> Model:
        """Register a model with its tags; raises ApiError when it exists, or when MLflow refuses a tag."""
        with _translated():
            given = [RegisteredModelTag(key, value) for key, value in tags.items()]
            return _model(self._models.create_registered_model(name, given, comment))

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
        return None if found is None else _version(found, storage_of(self.download_uri(name, version)))

    def version_at(self, source: str) -> Version | None:
        """Give the version that an address names by its number, stage or alias; None for any other address."""
        try:
            # As MLflow itself reads it when it makes a version from it; of a logged model it gives the id alone.
            name, *number = get_model_name_and_version(self._models, source)
        except (MlflowException, ValueError):
            return None
        return self.version(name, int(number[0])) if number and _NUMBER.fullmatch(str(number[0])) else None

    def sharing(self, storage: str) -> list[Version]:
        """Give the versions whose files are in a storage: the one that owns them, and copies that refer to it."""
        found = (self.version(*key) for key in version_rows.in_storage(self._models, storage))
        return [version for version in found if version is not None]

    def versions(self, name: str, limit: int, token: str | None) -> Page[Version]:
        """Give versions, the latest first."""
        return self.find_versions(f"name = '{name}'", limit, token)

    def find_versions(self, where: str, limit: int, token: str | None) -> Page[Version]:
        """Give the versions of all models for which MLflow's filter holds, the latest first."""
        order = ["version_number DESC"]
        with _translated():
            found = self._models.search_model_versions(where or None, limit, order, token)
        kept = [version for version in found if version.name.count(".") == 2]
        storages = version_rows.storages(self._models, {version.name for version in kept})
        shown = [_version(version, storages.get((version.name, int(version.version)), "")) for version in kept]
        return Page(shown, found.token or None)

    def begin_version(self, new: NewVersion) -> Version:
        """Register a version that is PENDING_REGISTRATION: its files are yet to come."""
        tags = [ModelVersionTag(key, value) for key, value in new.tags.items()]
        with _translated(), version_rows.pending(new.source):
            place = address(new.storage)
            made = self._models.create_model_version(
                new.model, place, new.run_id or None, tags, description=new.comment
            )
        return _version(made, new.storage)

    def end_version(self, name: str, version: int, failure: str = "") -> None:
        """Say that a pending version is READY, or FAILED_REGISTRATION and why."""
        version_rows.finish(self._models, name, version, failure)

    def storages(self) -> set[str]:
        """Name the storages that a version has its files in."""
        return set(version_rows.storages(self._models).values())

    def set_tag(self, name: str, version: int | None, key: str, value: str) -> None:
        """Set a tag of a model, or of one of its versions."""
        with _translated():
            if version is None:
                self._models.set_registered_model_tag(name, RegisteredModelTag(key, value))
            else:
                self._models.set_model_version_tag(name, str(version), ModelVersionTag(key, value))

    def delete_tag(self, name: str, version: int | None, key: str) -> None:
        """Remove a tag of a model, or of one of its versions."""
        with _translated():
            if version is None:
                self._models.delete_registered_model_tag(name, key)
            else:
                self._models.delete_model_version_tag(name, str(version), key)

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
        return directory(self._artifacts, self._place(name, version))

    def files(self, name: str, version: int) -> Path:
        """Give the directory of a version's files, there or not; raises ApiError for one outside of the store."""
        return located(self._artifacts, self._place(name, version))

    def download_uri(self, name: str, version: int) -> str:
        """Give the address of a version's files."""
        with _translated():
            return str(self._models.get_model_version_download_uri(name, str(version)))

    def figures(self, model_id: str) -> Figures:
        """Give parameters and metrics of a logged model; none of one that is gone."""
        found = _or_none(lambda: self._runs.get_logged_model(model_id))
        if found is None:
            return Figures()
        return Figures(
            parameters=[{"name": key, "value": value} for key, value in found.params.items()],
            metrics=[_metric(metric) for metric in found.metrics or []],
        )

    def artifacts(self, owner: str) -> str | None:
        """Give the address of a run's or logged model's artifacts; None where it or its experiment is not there."""
        if owner.startswith("m-"):
            model = _or_none(lambda: self._runs.get_logged_model(owner))
            found = None if model is None else (model.experiment_id, model.artifact_location)
        else:
            run = _or_none(lambda: self._runs.get_run(owner).info)
            found = (run.experiment_id, run.artifact_uri) if run and run.lifecycle_stage == "active" else None
        return str(found[1]) if found and self.experiment_exists(str(found[0])) else None

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

    def _place(self, name: str, version: int) -> str:
        uri = self.download_uri(name, version)
        if not uri.startswith("runs:"):
            return uri
        run_id, _, path = urlsplit(uri).path.strip("/").partition("/")
        with _translated():
            return f"{self._runs.get_run(run_id).info.artifact_uri}/{path}"


def _model(model: Any) -> Model:
    return Model(
        name=model.name,
        created_at=model.creation_timestamp,
        updated_at=model.last_updated_timestamp,
        comment=model.description or "",
        aliases={alias: int(version) for alias, version in model.aliases.items()},
        tags=dict(model.tags),
    )


def _version(version: Any, storage: str) -> Version:
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
        tags=dict(version.tags),
        reason=version.status_message or "",
        storage=storage,
    )


def _metric(metric: Any) -> dict[str, Any]:
    fields = ("key", "value", "timestamp", "step", "dataset_name", "dataset_digest", "model_id", "run_id")
    return {field: getattr(metric, field) for field in fields if getattr(metric, field) is not None}


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
