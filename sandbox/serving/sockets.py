"""Unix sockets that the router listens on for its children."""

from __future__ import annotations

import socket
from pathlib import Path

BACKLOG = 2048
"""Connections that wait while no process accepts them."""


def listen(path: Path) -> socket.socket:
    """Return a listening socket at `path`; requests wait in its queue while no process accepts them."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(BACKLOG)
    return listener
