"""The store of the workspace's own objects: JSON documents by kind and name, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class Documents:
    """Reads and writes documents; what a call or a transaction has written survives a kill at any moment."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        # One connection for all threads, used by one at a time: transactions cannot interleave.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS documents"
            " (kind TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group reads and writes: all of them happen, or none, and no other thread's come between."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._roll_back()
                raise
            self._depth -= 1
            if self._depth == 0:
                self._commit()

    def _commit(self) -> None:
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error:
            # A full disk, say: the transaction stays open otherwise, and no later one can begin.
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:  # where the disk is full, SQLite may have rolled back by itself
            self._db.execute("ROLLBACK")

    def get(self, kind: str, name: str) -> Document | None:
        """Give the document, or None."""
        rows = self._run("SELECT body FROM documents WHERE kind = ? AND name = ?", kind, name)
        return json.loads(rows[0][0]) if rows else None

    def all(self, kind: str) -> dict[str, Document]:
        """Give every document of a kind by name, in the order of the names."""
        rows = self._run("SELECT name, body FROM documents WHERE kind = ? ORDER BY name", kind)
        return {name: json.loads(body) for name, body in rows}

    def put(self, kind: str, name: str, document: Document) -> None:
        """Write a document in place of the one that was there."""
        self._run("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", kind, name, json.dumps(document))

    def delete(self, kind: str, name: str) -> None:
        """Remove a document if it is there."""
        self._run("DELETE FROM documents WHERE kind = ? AND name = ?", kind, name)

    def _run(self, statement: str, *values: str) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()
