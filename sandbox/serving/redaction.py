"""Keeps the values of secrets out of what a process writes."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import quote

REDACTED = b"[REDACTED]"
LONGEST_LINE = 1_000_000
"""Bytes that are looked at together."""


class Redaction:
    """Finds values in bytes, also where they are quoted, are part of an address, or have several lines."""

    def __init__(self, values: Iterable[str]) -> None:
        found = {form for value in values for form in _forms(value) if form}
        longest_first = sorted((form.encode() for form in found), key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, longest_first)) or b"(?!)")

    def __call__(self, line: bytes) -> bytes:
        """Return a line without them."""
        return self._pattern.sub(REDACTED, line)


class RedactedCopy(threading.Thread):
    """Copies what is written to a pipe into a log, line by line, until nobody can write to it any more."""

    def __init__(self, reading: int, log: BinaryIO, redaction: Redaction) -> None:
        super().__init__(name="redaction", daemon=True)
        self._reading, self._log, self._redaction = reading, os.dup(log.fileno()), redaction
        self.start()

    def run(self) -> None:
        """Copy."""
        with open(self._reading, "rb") as lines, open(self._log, "ab", buffering=0) as log:  # noqa: PTH123 - it is a file descriptor
            while line := lines.readline(LONGEST_LINE):
                log.write(self._redaction(line))


def _forms(value: str) -> Iterator[str]:
    for text in (value, *(line.strip() for line in value.splitlines())):
        yield from (text, json.dumps(text)[1:-1], repr(text)[1:-1], quote(text, safe=""))
