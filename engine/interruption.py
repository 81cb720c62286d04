"""What Ctrl-C does while the engine changes something: the engine ends in its own time, and is waited for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FINISHING = "interrupted: the engine finishes what it has begun, then stops …"


@contextmanager
def left_to_the_engine(report: Callable[[str], None]) -> Iterator[None]:
    """Leave Ctrl-C to the engine, which the terminal tells too: it ends the running step, and nothing is half done.

    Python would kill the engine a quarter of a second after it: the state stays locked then, and knows of no step that
    was going on. `report` hears that it is being ended. In another thread than the main one nothing is left to anybody.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: report(FINISHING))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
