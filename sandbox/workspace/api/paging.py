"""Pages of a list that is at hand."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.workspace.api.errors import invalid

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list; `token` asks for the next one."""

    items: Sequence[Item]
    token: str | None


def page(items: Sequence[Item], limit: int, token: str | None) -> Page[Item]:
    """Give the page that `token` asks for; `limit` 0 means all of the rest."""
    start = _start(token)
    end = start + limit if limit else len(items)
    return Page(items[start:end], _token(end) if end < len(items) else None)


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(token.encode())))
    except ValueError as error:
        raise invalid(f"page_token: {token!r} is not a token that this list gave out.") from error


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()
