"""What a run of the engine tells: lines for whoever waits, and all of them, with every reason, in a log file."""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from model_ops import disk, printable
from model_ops.cli.output import say
from sandbox.home import append_private

MOST_BYTES = 1_000_000
"""At this size the log begins anew; the one before it is kept."""


class RunLog:
    """Tells a run to standard error and to a file that only its owner reads."""

    def __init__(self, file: Path, *, verbose: bool = False) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        append_private(file).close()
        handler = _File(file, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
        handler.rotator = _keep
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self.file, self._verbose = file, verbose
        self._handler, self._log = handler, logging.Logger("engine")
        self._log.addHandler(handler)

    def close(self) -> None:
        """Give the file back."""
        with suppress(OSError):  # a full disk refuses again what it has refused before
            self._handler.close()

    def __enter__(self) -> RunLog:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.close()

    def say(self, line: str) -> None:
        """Tell what everybody wants to know."""
        say(line)
        self._keep(line)

    def note(self, line: str) -> None:
        """Keep a reason, for whoever looks for it; with `verbose`, tell it too."""
        if self._verbose:
            say(f"  · {line.strip()}")
        self._keep(line)

    def _keep(self, line: str) -> None:
        self._log.info("%s", printable.text(line))


class _File(RotatingFileHandler):
    """A file that says once that it takes no more, where logging itself would print a traceback for each line."""

    refused = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, in a file anew where it is time for that."""
        try:
            if self.shouldRollover(record):
                self.doRollover()
            self.stream = self.stream or self._open()
            self.stream.write(f"{self.format(record)}{self.terminator}")
            self.flush()
        except OSError as error:
            if not self.refused:
                say(f"what follows is not logged: {disk.refusal(error, Path(self.baseFilename))}")
            self.refused = True


def _keep(source: str, kept: str) -> None:
    """Copy the log and empty it: a new file would be readable by others."""
    shutil.copy2(source, kept)
    os.truncate(source, 0)
