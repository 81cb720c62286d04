"""What the API says when it fails: in Databricks' form, and of the disk what the caller can mend."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from sandbox.workspace.api import errors


def full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (full(), "The sandbox keeps nothing of this, for its database cannot be written to: database or disk is full."),
        (
            OSError(errno.ENOSPC, "No space left on device", "/home/artifacts/x"),
            "The sandbox keeps nothing of this. /home/artifacts/x cannot be used: No space left on device. Make room",
        ),
        (KeyError("secret"), "The sandbox failed; its log directory says why."),
        (sqlite3.OperationalError("no such table"), "The sandbox failed; its log directory says why."),
    ],
)
def test_a_failure_is_told_as_databricks_tells_one(error: Exception, message: str) -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    answer = TestClient(app, raise_server_exceptions=False).get("/")

    assert (answer.status_code, answer.json()["error_code"]) == (500, "INTERNAL_ERROR")
    assert answer.json()["message"].startswith(message)


@pytest.mark.parametrize("field", ["string_value", "bytes_value", "environment_vars"])
def test_a_value_that_may_be_secret_is_not_said_back(field: str) -> None:
    app = FastAPI()
    errors.install(app)

    @app.post("/")
    def take(body: dict[str, dict[str, str]]) -> None: ...

    answer = TestClient(app).post("/", json={field: {"A": 271828}})

    assert answer.json()["message"].startswith(f"{field}.A: ")
    assert "271828" not in answer.text
