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
LONG = 1e6
"""Seconds that nobody thinks about an answer."""


class Waiting:
    """The one thing that goes on; `watch` tells of it until the work is done."""

    def __init__(self, tell: Callable[[str], None] = say, patience: float = PATIENCE, again: float = AGAIN) -> None:
        self._tell, self._patience, self._again = tell, patience, again
        self._turn = threading.Condition()
        self._what, self._since, self._ended = "", 0.0, False
        self._told, self._told_at = "", 0.0

    def now(self, what: str) -> None:
        """Like `doing`, and tell it at once."""
        with self._turn:
            self._what, self._since = what, time.monotonic()
            self._say()

    def doing(self, what: str) -> None:
        """From now on `what` goes on, as in `asking the workspace`."""
        with self._turn:
            self._what, self._since = what, time.monotonic()
            self._turn.notify()

    def rest(self) -> None:
        """Tell nothing until `doing` says what goes on: somebody is being asked, and takes the time it takes."""
        with self._turn:
            self._what, self._since = "waiting for an answer", time.monotonic() + LONG

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
        with self._turn:
            while not self._ended:
                due = self._told_at + self._again if self._what == self._told else self._since + self._patience
                if (left := due - time.monotonic()) > 0:
                    self._turn.wait(left)
                else:
                    self._say()

    def _say(self) -> None:
        now = time.monotonic()
        so_far = f" ({now - self._since:.0f} s so far)" if self._what == self._told else ""
        self._tell(f"{self._what} …{so_far}")
        self._told, self._told_at = self._what, now


WAITING = Waiting()
"""That of the command that runs."""
