"""Refusals: what a request is answered that cannot be served, in Databricks' error body."""

from __future__ import annotations

import json
from collections.abc import Mapping


class ApiError(Exception):
    """Ends a request with an HTTP status and `{"error_code": ..., "message": ...}`."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    @property
    def body(self) -> bytes:
        """The JSON that the Databricks SDKs read an error from."""
        return json.dumps({"error_code": self.code, "message": self.message}).encode()


def invalid(message: str) -> ApiError:
    """Refuse a value: 400, which the SDK raises as InvalidParameterValue."""
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def absent(message: str) -> ApiError:
    """Refuse a name that nothing has: 404, which the SDK raises as ResourceDoesNotExist."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)


def conflict(message: str) -> ApiError:
    """Refuse what cannot be done now: 409, which the SDK raises as ResourceConflict."""
    return ApiError(409, "RESOURCE_CONFLICT", message)


def too_large(limit: int) -> ApiError:
    """Refuse a body: 413. The code makes the SDK raise InvalidParameterValue, which it does not retry."""
    return ApiError(413, "INVALID_PARAMETER_VALUE", f"The request body is larger than the limit of {limit} bytes.")


def too_slow(size: int, seconds: float) -> ApiError:
    """Refuse a body that does not end: 408."""
    text = f"Only {size} bytes of the request body came within {seconds:.0f} seconds of waiting. Send it again, whole."
    return ApiError(408, "DEADLINE_EXCEEDED", text, {"Connection": "close"})


def unavailable(message: str, *, retry_after: int) -> ApiError:
    """Refuse for now: 503 with Retry-After (seconds), which the SDK obeys."""
    return ApiError(503, "TEMPORARILY_UNAVAILABLE", message, {"Retry-After": str(retry_after)})


def over_limit(endpoint: str, unit: str, whom: str, *, retry_after: int) -> ApiError:
    """Refuse what a rate limit of calls or tokens does not let pass: 429, which the SDK raises as TooManyRequests."""
    rate = {"calls": "Requests-per-minute (RPM)", "tokens": "Tokens-per-minute (TPM)"}[unit]
    text = f"User defined rate limit(s) exceeded for '{endpoint}'. {rate} rate limit exceeded for {whom}"
    return ApiError(429, "REQUEST_LIMIT_EXCEEDED", text, {"Retry-After": str(max(retry_after, 1))})
