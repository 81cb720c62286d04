"""How much there was in the last minute, counted by the second: a window that moves, in bounded memory."""

from __future__ import annotations

from collections import deque
from itertools import accumulate

SECONDS = 60
"""How far back it counts: the one renewal period that Databricks has."""


class RateWindow:
    """Adds up amounts of the last SECONDS; times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._amounts: deque[list[int]] = deque()
        self._total = 0

    def add(self, now: float, amount: int) -> None:
        """Count `amount` at this second."""
        second = int(now)
        if self._amounts and self._amounts[-1][0] == second:
            self._amounts[-1][1] += amount
        else:
            self._amounts.append([second, amount])
        self._total += amount

    def total(self, now: float) -> int:
        """Return how much there was."""
        while self._amounts and self._amounts[0][0] <= int(now) - SECONDS:
            self._total -= self._amounts.popleft()[1]
        return self._total

    def room_in(self, now: float, most: int) -> int:
        """Return in how many seconds less than `most` will be counted, if nothing is added meanwhile."""
        total = self.total(now)
        left = accumulate((amount for _, amount in self._amounts), lambda rest, amount: rest - amount, initial=total)
        seconds = [int(now) - SECONDS, *(second for second, _ in self._amounts)]
        for second, rest in zip(seconds, left, strict=True):
            if rest < most:
                return second + SECONDS - int(now)
        return SECONDS
