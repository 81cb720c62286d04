from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sandbox.workspace.stores.documents import Documents


def test_a_document_is_given_back_as_it_was_written(documents: Documents) -> None:
    documents.put("catalog", "main", {"comment": "grüße", "n": 1})
    assert documents.get("catalog", "main") == {"comment": "grüße", "n": 1}
    assert documents.get("schema", "main") is None


def test_a_transaction_that_fails_writes_nothing(documents: Documents) -> None:
    def fail() -> None:
        with documents.transaction():
            documents.put("catalog", "a", {})
            with documents.transaction():
                documents.put("catalog", "b", {})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert documents.all("catalog") == {}


def test_what_was_written_is_there_for_the_next_process_without_a_close(tmp_path: Path) -> None:
    first = Documents(tmp_path / "workspace.db")
    with first.transaction():
        first.put("catalog", "main", {"n": 1})
    second = Documents(tmp_path / "workspace.db")
    assert second.get("catalog", "main") == {"n": 1}
    first.close()
    second.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from sandbox.workspace.stores.documents import Documents
store = Documents(Path(sys.argv[1]))
store.put("catalog", "kept", {})
with store.transaction():
    store.put("catalog", "cut", {})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_keeps_what_was_written_and_nothing_of_a_transaction_under_way(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "w.db")], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    after = Documents(tmp_path / "w.db")
    assert list(after.all("catalog")) == ["kept"]
    after.close()


def test_transactions_of_threads_do_not_come_between_each_other(documents: Documents) -> None:
    documents.put("counter", "n", {"value": 0})

    def count() -> None:
        for _ in range(25):
            with documents.transaction():
                held = documents.get("counter", "n") or {}
                documents.put("counter", "n", {"value": held["value"] + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert documents.get("counter", "n") == {"value": 100}


def test_a_kind_is_listed_in_the_order_of_its_names(documents: Documents) -> None:
    for name in ("b", "a"):
        documents.put("catalog", name, {})
    documents.delete("catalog", "absent")
    assert list(documents.all("catalog")) == ["a", "b"]


def test_on_a_full_disk_a_transaction_writes_nothing_and_the_next_one_begins(documents: Documents) -> None:
    documents.put("catalog", "kept", {})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError) as refused, documents.transaction():
                documents.put("catalog", "lost", {"large": "x" * 100_000})
            assert "full" in str(refused.value) or "I/O" in str(refused.value)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with documents.transaction():
        documents.put("catalog", "after", {})
    assert list(documents.all("catalog")) == ["after", "kept"]
