"""The empty database that is kept for all sandboxes is the one that MLflow's migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import mlflow
import pytest

from sandbox.workspace.tracking import empty_database

# MLflow's own models of its database use an option that SQLAlchemy 2.1 is about to drop.
pytestmark = pytest.mark.filterwarnings(
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)


def content(database: Path) -> set[str]:
    """The statements that make it; those of indexes and the constraints of a table come in any order."""
    with closing(sqlite3.connect(database)) as connection:
        return {ordered(statement) for statement in connection.iterdump()}


def ordered(statement: str) -> str:
    lines = [line.strip().rstrip(",") for line in statement.splitlines()]
    constraints = [line for line in lines if line.startswith("CONSTRAINT")]
    return "\n".join([line for line in lines if line not in constraints] + sorted(constraints))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What MLflow makes of a database of its own."""
    database = tmp_path_factory.mktemp("migrated") / "mlflow.db"
    empty_database.migrate(database)
    return content(database)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty file of a new sandbox, of a user for whom nothing is kept yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "mlflow.db"
    file.touch(mode=0o600)
    return file


def test_what_is_kept_is_what_the_migrations_make_and_is_made_once(database: Path, migrated: set[str]) -> None:
    empty_database.fill(database)
    made = empty_database.kept().stat()
    second = database.with_name("second.db")
    second.touch()
    empty_database.fill(second)
    assert content(database) ^ migrated == content(second) ^ migrated == set()
    assert empty_database.kept().stat().st_mtime_ns == made.st_mtime_ns
    assert database.stat().st_mode & 0o777 == second.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in empty_database.kept().parent.iterdir()] == [empty_database.kept().name]


def test_one_that_is_damaged_is_made_anew(database: Path, migrated: set[str]) -> None:
    empty_database.kept().parent.mkdir(parents=True)
    empty_database.kept().write_bytes(b"SQLite format 3\0" + bytes(5000))
    empty_database.fill(database)
    assert content(database) ^ migrated == set()


def test_another_mlflow_has_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = empty_database.kept()
    monkeypatch.setattr(mlflow, "__version__", "3.99.0")
    assert empty_database.kept() != before


def test_where_nothing_can_be_kept_the_database_stays_empty_for_mlflow(database: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a directory should be")
    empty_database.fill(database)
    assert database.stat().st_size == 0


def test_a_database_that_holds_something_is_left_as_it_is(database: Path) -> None:
    database.write_text("somebody's runs")
    empty_database.fill(database)
    assert database.read_text() == "somebody's runs"
    assert not empty_database.kept().exists()
