"""Rows of MLflow's registry that its store's methods do not write: a version's status, and where its files are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mlflow.entities.model_registry.model_version_stages import STAGE_DELETED_INTERNAL
from mlflow.store.model_registry.dbmodels.models import SqlModelVersion
from sqlalchemy import event

from sandbox.workspace.registry.version_files import PREFIX, address, storage_of
from sandbox.workspace.stores.workspace import now

_LONGEST_REASON = 500  # characters of the column
_source: ContextVar[str | None] = ContextVar("source", default=None)


@contextmanager
def pending(source: str) -> Iterator[None]:
    """Make the version that is created meanwhile pending, with a source other than the place of its files."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


@event.listens_for(SqlModelVersion, "before_insert")
def _begin(_mapper: Any, _connection: Any, row: Any) -> None:
    # In the transaction that makes the row: a version is at no moment READY without its files.
    if (source := _source.get()) is not None:
        row.source, row.status = source, "PENDING_REGISTRATION"


def finish(store: Any, name: str, version: int, failure: str) -> None:
    """Make a version READY, or FAILED_REGISTRATION where there is a failure to tell."""
    with store.ManagedSessionMaker(read_only=False) as session:
        row = session.query(SqlModelVersion).filter_by(name=name, version=version).one()
        row.status = "FAILED_REGISTRATION" if failure else "READY"
        row.status_message = failure[:_LONGEST_REASON] or None
        row.last_updated_time = now()


def storages(store: Any, names: Collection[str] | None = None) -> dict[tuple[str, int], str]:
    """Give the storages that versions have their own files in, by model and version; of all models unless named."""
    columns = SqlModelVersion.name, SqlModelVersion.version, SqlModelVersion.storage_location
    with store.ManagedSessionMaker() as session:
        query = session.query(*columns).filter(
            SqlModelVersion.storage_location.startswith(PREFIX, autoescape=True),
            # The rows of deleted versions stay.
            SqlModelVersion.current_stage != STAGE_DELETED_INTERNAL,
        )
        if names is not None:
            query = query.filter(SqlModelVersion.name.in_(names))
        return {(name, version): storage_of(location) for name, version, location in query}


def in_storage(store: Any, storage: str) -> list[tuple[str, int]]:
    """Give the versions, by model and number, that have their files in a storage."""
    with store.ManagedSessionMaker() as session:
        query = session.query(SqlModelVersion.name, SqlModelVersion.version).filter(
            SqlModelVersion.storage_location == address(storage),
            SqlModelVersion.current_stage != STAGE_DELETED_INTERNAL,
        )
        return [(name, version) for name, version in query]
