"""One row of a payload table: a request that a model has answered, in the columns that Databricks documents."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

MOST_LOGGED = 1024 * 1024
"""Bytes of a body that is written down; of a larger one, only that it was."""
OVERHEAD = 512
"""Bytes that a row takes beside its bodies, roughly."""


@dataclass(frozen=True)
class Exchange:
    """A request that a model has in hand, who sent it, and when: `received` in seconds since 1970."""

    received: float
    request: bytes
    served_entity_id: str | None
    requester: str | None
    began: float = field(default_factory=time.monotonic)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Row:
    """What is kept of an exchange until it is written."""

    request: bytes | None
    response: bytes | None
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, exchange: Exchange, status: int, response: bytes) -> Row:
        """Keep what is to be written of an exchange that ends now; a body that is too large goes at once."""
        at = datetime.fromtimestamp(exchange.received, UTC)
        facts = {
            "databricks_request_id": exchange.request_id,
            "request_date": at.date(),
            "request_time": at,
            "status_code": status,
            "sampling_fraction": 1.0,
            "execution_duration_ms": round((time.monotonic() - exchange.began) * 1000),
            "served_entity_id": exchange.served_entity_id,
            "requester": exchange.requester,
        }
        return cls(_bounded(exchange.request), _bounded(response), facts)

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        return len(self.request or b"") + len(self.response or b"") + OVERHEAD

    def columns(self) -> dict[str, Any]:
        """Return all of its columns by name."""
        errors = ["MAX_REQUEST_SIZE_EXCEEDED"] if self.request is None else []
        errors += ["MAX_RESPONSE_SIZE_EXCEEDED"] if self.response is None else []
        return {
            **self.facts,
            "client_request_id": _client_request_id(self.request or b""),
            "request": _text(self.request),
            "response": _text(self.response),
            "logging_error_codes": errors,
        }


def _bounded(body: bytes) -> bytes | None:
    return body if len(body) <= MOST_LOGGED else None


def _text(body: bytes | None) -> str | None:
    return None if body is None else body.decode(errors="replace")


def _client_request_id(request: bytes) -> str | None:
    if b'"client_request_id"' not in request:
        return None
    try:
        given = json.loads(request)["client_request_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return given if isinstance(given, str) else None
