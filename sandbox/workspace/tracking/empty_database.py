"""MLflow's database with nothing in it, kept once for all sandboxes: its migrations take seconds in each."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import mlflow
import sqlalchemy
from mlflow.store.db.utils import _initialize_tables

from model_ops.cache import cache


def fill(database: Path) -> None:
    """Give an empty file MLflow's tables; where they cannot be kept, it stays empty and MLflow makes them itself."""
    if database.stat().st_size:
        return
    with suppress(OSError, RuntimeError, sqlalchemy.exc.SQLAlchemyError):
        _copy(_whole(kept()), database)


def kept() -> Path:
    """Name the file: what makes the tables is of these versions. Raises RuntimeError where there is no home."""
    return cache() / f"mlflow-{mlflow.__version__}-sqlalchemy-{sqlalchemy.__version__}.db"


def migrate(database: Path) -> None:
    """Make MLflow's tables in an empty database as MLflow does."""
    engine = sqlalchemy.create_engine(f"sqlite:///{database.absolute()}")
    try:
        _initialize_tables(engine)
    finally:
        engine.dispose()


def _whole(template: Path) -> Path:
    if not (template.exists() and _sound(template)):
        template.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".mlflow-", dir=template.parent) as scratch:
            draft = Path(scratch) / template.name
            migrate(draft)
            draft.replace(template)
    return template


def _sound(template: Path) -> bool:
    """Whether SQLite finds all of it, and the last thing that a migration writes."""
    try:
        with closing(sqlite3.connect(f"{template.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            checked = connection.execute("PRAGMA integrity_check").fetchone()
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return False
    return bool(checked == ("ok",) and revision)


def _copy(template: Path, database: Path) -> None:
    # By a draft: whoever is killed meanwhile leaves the database empty, not half.
    draft = database.with_name(f".{database.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(template.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(database)
