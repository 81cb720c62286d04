"""How an endpoint's traffic is divided: a weighted choice among its routes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Split(Generic[T]):
    """Targets with the upper bounds of their shares, summed up; it never changes, it is replaced whole."""

    targets: tuple[T, ...] = ()
    bounds: tuple[int, ...] = ()

    @classmethod
    def of(cls, shares: Iterable[tuple[T, int]]) -> Split[T]:
        """Make one of (target, weight) pairs; a target without weight is never chosen."""
        weighted = [(target, weight) for target, weight in shares if weight > 0]
        return cls(tuple(target for target, _ in weighted), tuple(accumulate(weight for _, weight in weighted)))

    def choose(self, point: float) -> T | None:
        """Return the target on whose share `point` (0 ≤ point < 1) falls, or None where there is none."""
        if not self.targets:
            return None
        if len(self.targets) == 1:
            return self.targets[0]
        return self.targets[bisect_right(self.bounds, point * self.bounds[-1])]
