"""Shows, on standard error, that a command which takes a while is at work, and at what."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from model_ops.cli.output import say

PATIENCE = 2.0
"""Seconds of silence that nobody minds."""
AGAIN = 15.0
"""Seconds between two words about the same work."""


class Waiting:
    """The one thing that goes on; `watch` tells of it until the work is done."""

    def __init__(self, tell: Callable[[str], None] = say, patience: float = PATIENCE, again: float = AGAIN) -> None:
        self._tell, self._patience, self._again = tell, patience, again
        self._turn = threading.Condition()
        self._what, self._since, self._ended = "", 0.0, False

    def doing(self, what: str) -> None:
        """From now on `what` goes on, as in `asking stack prod`."""
        with self._turn:
            self._what, self._since = what, time.monotonic()
            self._turn.notify()

    @contextmanager
    def watch(self, what: str) -> Iterator[None]:
        """Tell what goes on, from the first time that it takes too long until the block ends."""
        self._ended = False
        self.doing(what)
        teller = threading.Thread(target=self._run, daemon=True)
        teller.start()
        try:
            yield
        finally:
            with self._turn:
                self._ended = True
                self._turn.notify()
            teller.join()

    def _run(self) -> None:
        told, told_at = "", 0.0
        with self._turn:
            while not self._ended:
                now, again = time.monotonic(), self._what == told
                due = (told_at + self._again if again else self._since + self._patience) - now
                if due > 0:
                    self._turn.wait(due)
                    continue
                self._tell(f"{self._what} …{f' ({now - self._since:.0f} s so far)' if again else ''}")
                told, told_at = self._what, now


WAITING = Waiting()
"""That of the command that runs."""
