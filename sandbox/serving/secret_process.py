"""A process that is given secrets, seen from the router: whatever it writes reaches its log without them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import IO

from sandbox.serving.child import Child, Command, open_log, popen
from sandbox.serving.redaction import RedactedCopy, Redaction
from sandbox.serving.secret_channel import WORD, message

LAST_LINES = 5.0
"""Seconds that the last lines of a process that has ended get to reach its log."""


class SecretProcess:
    """A process whose output is copied to its log."""

    def __init__(self, process: subprocess.Popen[bytes], copy: RedactedCopy) -> None:
        self._process, self._copy = process, copy
        self.pid: int = process.pid
        self.stdin: IO[bytes] | None = process.stdin

    def wait(self) -> int:
        """Reap it, once its last lines are in its log; returns its exit code, -n after signal n."""
        code = self._process.wait()
        self._copy.join(LAST_LINES)
        return code


def spawn(command: Command, secrets: Mapping[str, str]) -> Child:
    """Run a command that takes secrets by `receive`; raises OSError if it cannot be started."""
    with open_log(command.log) as log:
        start = log.tell()
        reading, writing = os.pipe()
        try:
            process = popen(replace(command, argv=(*command.argv, WORD)), writing)
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        copy = RedactedCopy(reading, log, Redaction(secrets.values()))
    # A thread, for the pipe holds less than secrets may have, and the process reads once it has begun.
    threading.Thread(target=_tell, args=(process.stdin, message(secrets)), daemon=True).start()
    return Child(SecretProcess(process, copy), command.log, start)


def _tell(stdin: IO[bytes] | None, told: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # it has ended meanwhile
        if stdin is not None:
            stdin.write(told)
            stdin.flush()
