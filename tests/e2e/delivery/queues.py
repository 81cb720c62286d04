"""Concurrency groups: one job at a time, each in its turn; and approvals, which a job waits for."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

BOUND = 1000
"""Seconds that a job may wait for its turn, or for an approval."""


@dataclass
class Queues:
    """The groups of one repository, by their names; `queue: max` has each keep all who wait, in their order."""

    _waiting: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    _changed: threading.Condition = field(default_factory=threading.Condition)
    order: list[tuple[str, object]] = field(default_factory=list)
    """Who had its turn in which group, the first first."""

    @contextmanager
    def turn(self, group: str | None, who: object) -> Iterator[None]:
        """Hold a group for the length of the block; without a name at once."""
        if group is None:
            yield
            return
        with self._changed:
            self._waiting[group].append(who)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._waiting[group][0] is who, BOUND):
                raise TimeoutError(f"{who} never had its turn in {group}")
            self.order.append((group, who))
        try:
            yield
        finally:
            with self._changed:
                self._waiting[group].remove(who)
                self._changed.notify_all()

    def await_length(self, group: str, length: int) -> None:
        """Return once so many are in a group, the one that has its turn among them."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._waiting[group]) >= length, BOUND):
                raise TimeoutError(f"there are only {len(self._waiting[group])} in {group}")


@dataclass
class Approvals:
    """Which environments somebody must approve, and for which runs that was asked and given."""

    protected: set[str] = field(default_factory=set)
    _asked: set[tuple[int, str]] = field(default_factory=set)
    _given: set[tuple[int, str]] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def require(self, run: int, environment: str | None) -> None:
        """Wait until the run may go into the environment."""
        if environment in self.protected:
            key = (run, str(environment))
            self._add(self._asked, key)
            self._wait(lambda: key in self._given, f"run {run} was never approved for {environment}")

    def await_asked(self, run: int, environment: str) -> None:
        """Return once the run waits for its approval."""
        self._wait(lambda: (run, environment) in self._asked, f"run {run} did not ask for {environment}")

    def give(self, run: int, environment: str) -> None:
        """Let the run into the environment, now or when it comes there."""
        self._add(self._given, (run, environment))

    def _add(self, keys: set[tuple[int, str]], key: tuple[int, str]) -> None:
        with self._changed:
            keys.add(key)
            self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], otherwise: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, BOUND):
                raise TimeoutError(otherwise)
