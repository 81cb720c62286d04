"""How a process is given secrets: over its stdin, for its command line and its first environment are seen by others."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping

WORD = "--secrets"
"""What a process is told on its command line when secrets come first on its stdin."""
LENGTH = 8
"""Bytes in which the length of the rest is told."""


def message(secrets: Mapping[str, str]) -> bytes:
    """Return what `receive` reads."""
    body = json.dumps(dict(secrets)).encode()
    return len(body).to_bytes(LENGTH) + body


def receive() -> dict[str, str]:
    """Take the secrets from this process's stdin, and leave no room for a crash to write them to a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    length = int.from_bytes(_read(LENGTH))
    secrets: dict[str, str] = json.loads(_read(length))
    return secrets


def _read(length: int) -> bytes:
    """Read exactly so many bytes: what comes after them is not ours."""
    read = bytearray()
    while len(read) < length:
        part = os.read(0, length - len(read))
        if not part:
            sys.exit("The router has ended.")
        read += part
    return bytes(read)
