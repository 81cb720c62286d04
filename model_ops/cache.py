"""Where is kept what takes long to make and is nobody's data: outside of every work tree, and safe to delete."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    """Return the directory, which may not be there yet; raises RuntimeError where there is no home directory."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rollpin"
