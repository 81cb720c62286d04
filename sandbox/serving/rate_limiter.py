"""Enforces an endpoint's rate limits, each request by a few additions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.serving.errors import over_limit
from sandbox.serving.gateway import Limit
from sandbox.serving.rate_window import RateWindow

WHOM = {"endpoint": "endpoint", "user": "user", "user_group": "user group", "service_principal": "service principal"}
"""Whom a limit is for, as the refusal names it."""


@dataclass
class Count:
    """What one limit has let pass in the last minute."""

    calls: RateWindow = field(default_factory=RateWindow)
    tokens: RateWindow = field(default_factory=RateWindow)


Counts = Mapping[tuple[str, str | None], Count]


class RateLimiter:
    """Lets pass what every limit has room for; a refused request counts for none."""

    def __init__(
        self,
        endpoint: str,
        limits: tuple[Limit, ...],
        counts: Counts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint, self._clock = endpoint, clock
        former = counts or {}
        # What a limit has counted stays counted when its number, or another limit, is changed.
        self.counts: Counts = {
            (limit.key, limit.principal): former.get((limit.key, limit.principal)) or Count() for limit in limits
        }
        self._limits = [(limit, self.counts[limit.key, limit.principal]) for limit in limits]
        self._counts_tokens = any(limit.tokens is not None for limit in limits)

    def admit(self, request: bytes) -> None:
        """Count a request in; raises ApiError (429) where a limit is reached."""
        now = self._clock()
        for limit, count in self._limits:
            self._check("calls", limit, limit.calls, count.calls, now)
            self._check("tokens", limit, limit.tokens, count.tokens, now)
        tokens = estimated_tokens(request) if self._counts_tokens else 0
        for count in self.counts.values():
            count.calls.add(now, 1)
            count.tokens.add(now, tokens)

    def answered(self, request: bytes, response: bytes) -> None:
        """Count the tokens of an answer, and of its request again where the model itself has counted them."""
        if not self._counts_tokens:
            return
        stated = stated_tokens(response)
        tokens = estimated_tokens(response) if stated is None else stated - estimated_tokens(request)
        for count in self.counts.values():
            count.tokens.add(self._clock(), tokens)

    def _check(self, unit: str, limit: Limit, most: int | None, window: RateWindow, now: float) -> None:
        if most is not None and window.total(now) >= most:
            raise over_limit(self._endpoint, unit, WHOM[limit.key], retry_after=window.room_in(now, most))


def estimated_tokens(text: bytes) -> int:
    """Return how many tokens Databricks takes a text for of which nothing is known."""
    return (len(text) + 1) // 4


def stated_tokens(response: bytes) -> int | None:
    """Return how many tokens the model says that it has used, as answers in OpenAI's form do."""
    if b'"total_tokens"' not in response:
        return None
    try:
        total = json.loads(response)["usage"]["total_tokens"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return total if isinstance(total, int) and total >= 0 else None
