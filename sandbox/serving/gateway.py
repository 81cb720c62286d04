"""What an endpoint's AI Gateway asks of the router: which rate limits hold, and where requests are written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.serving.errors import invalid

KEYS = ("endpoint", "user", "user_group", "service_principal")
"""Whom a rate limit can be for."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many calls and tokens a minute may bring; None is no limit."""

    key: str
    principal: str | None = None
    calls: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The limits that hold for whoever calls, all of them, and the directory of the payload table."""

    limits: tuple[Limit, ...] = ()
    table: Path | None = None
    requester: str | None = None
    """Who is written down as the caller; None where Databricks tells nobody."""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.limits and self.table is None


def gateway(body: object) -> Gateway:
    """Read the body of a PUT; raises ApiError (400) that names what was found and what is expected."""
    sent = _mapping("The gateway", body)
    listed = sent.get("limits", [])
    if not isinstance(listed, list):
        raise invalid(f"limits is {type(listed).__name__}: a JSON array is expected.")
    return Gateway(
        limits=tuple(_limit(value) for value in listed),
        table=_directory(sent.get("table")),
        requester=_text("requester", sent.get("requester")),
    )


def document(asked: Gateway) -> dict[str, Any]:
    """Return what `gateway` reads."""
    limits = [
        {"key": limit.key, "principal": limit.principal, "calls": limit.calls, "tokens": limit.tokens}
        for limit in asked.limits
    ]
    return {"limits": limits, "table": str(asked.table) if asked.table else None, "requester": asked.requester}


def _limit(value: object) -> Limit:
    sent = _mapping("A member of limits", value)
    key = sent.get("key")
    if key not in KEYS:
        raise invalid(f"key of a limit is {key!r}: give one of {', '.join(KEYS)}.")
    principal = _text("principal of a limit", sent.get("principal"))
    return Limit(key=key, principal=principal, calls=_count("calls", sent), tokens=_count("tokens", sent))


def _count(name: str, sent: Mapping[str, Any]) -> int | None:
    value = sent.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise invalid(f"{name} of a limit is {value!r}: give a whole number, 0 or more.")
    return value


def _directory(value: object) -> Path | None:
    path = _text("table", value)
    if path is not None and not Path(path).is_absolute():
        raise invalid(f"table is {path!r}: give the absolute path of a directory.")
    return Path(path) if path is not None else None


def _text(what: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise invalid(f"{what} is {value!r}: give a string.")
    return value


def _mapping(what: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise invalid(f"{what} is {type(value).__name__}: a JSON object is expected.")
    return value
