"""Errors as Databricks sends them: `{"error_code": "...", "message": "..."}`."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from model_ops import disk

_log = logging.getLogger("sandbox.workspace")
_DISK = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_SECRET = ("environment_vars", "string_value", "bytes_value")
"""Fields whose values are never echoed."""
_PHRASES = {"extra_forbidden": "is not a field of this request", "missing": "is required"}


class ApiError(Exception):
    """An error that the caller sees, with its HTTP status and Databricks error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def invalid(message: str) -> ApiError:
    """Answer 400 INVALID_PARAMETER_VALUE."""
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def missing(message: str) -> ApiError:
    """Answer 404 RESOURCE_DOES_NOT_EXIST."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)


def exists(message: str) -> ApiError:
    """Answer 400 RESOURCE_ALREADY_EXISTS."""
    return ApiError(400, "RESOURCE_ALREADY_EXISTS", message)


def absent(what: str) -> ApiError:
    """Answer 501 NOT_IMPLEMENTED: a workspace may have `what`, this sandbox does not."""
    return ApiError(501, "NOT_IMPLEMENTED", f"The sandbox does not have {what}.")


class Json(Response):
    """JSON in ASCII, so that any string that a client sent can be sent back."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Serialise `content`."""
        return json.dumps(content).encode()


def answer(error: ApiError) -> Json:
    """Turn an error into its response."""
    return Json({"error_code": error.code, "message": error.message}, error.status)


def install(app: FastAPI) -> None:
    """Make every error of `app` leave in Databricks' form."""

    @app.exception_handler(ApiError)
    async def refuse(_request: Request, error: ApiError) -> Response:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def refuse_input(_request: Request, error: RequestValidationError) -> Response:
        return answer(_from_validation(error.errors()))

    @app.exception_handler(HTTPException)
    async def refuse_body(_request: Request, error: HTTPException) -> Response:
        code = "MALFORMED_REQUEST" if error.status_code == 400 else "BAD_REQUEST"
        return answer(ApiError(error.status_code, code, str(error.detail)))

    @app.exception_handler(Exception)
    async def fail(request: Request, error: Exception) -> Response:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer(ApiError(500, "INTERNAL_ERROR", _failed(error)))


def _failed(error: Exception) -> str:
    """What to say of a failure: its details are for the log, but a disk that takes no more is the caller's to mend."""
    if isinstance(error, OSError) and error.errno in disk.MENDS:
        return f"The sandbox keeps nothing of this. {disk.refusal(error)}"
    if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK:
        return f"The sandbox keeps nothing of this, for its database cannot be written to: {error}. See its disk: df -h"
    return "The sandbox failed; its log directory says why."


def _from_validation(problems: Sequence[Mapping[str, Any]]) -> ApiError:
    first = problems[0]
    if first["type"] == "json_invalid":
        reason = first.get("ctx", {}).get("error", "it does not parse")
        return ApiError(400, "MALFORMED_REQUEST", f"The request body is not valid JSON: {reason}.")
    return invalid(_sentence(first))


def _sentence(problem: Mapping[str, Any]) -> str:
    field = _field(problem["loc"])
    if not field:
        return "The request body must be a JSON object."
    if phrase := _PHRASES.get(problem["type"]):
        return f"{field} {phrase}."
    return f"{field}: {problem['msg'].removeprefix('Value error, ')}{_found(field, problem.get('input'))}."


def _field(location: Sequence[str | int]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[1:]]
    return "".join(parts).removeprefix(".")


def _found(field: str, value: Any) -> str:
    if any(name in field for name in _SECRET) or isinstance(value, (dict, list)) or len(str(value)) > 80:
        return f", found a {type(value).__name__}"
    return f", found {value!r}"
