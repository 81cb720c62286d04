"""What the program does when the engine interrupts it."""

from __future__ import annotations

import os
import signal
import threading

INTERRUPTED = 130
"""The exit code of a process that SIGINT ended, by the shells' convention."""


def end_quietly() -> None:
    """End at once and without a word at the next SIGINT.

    When a hook has failed the engine sends one, and Python's own answer to it is a traceback around the hook's message.
    Nothing is lost: the engine carries out the operations and keeps the state, not this program.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
