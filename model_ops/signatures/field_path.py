"""Where a field stands in a signature, as one text: `messages[].content`."""

from __future__ import annotations

import json

ITEMS = "[]"
"""Behind the path of an array: each of its items."""

VALUES = "{}"
"""Behind the path of a map: each of its values."""


def below(path: str, name: str) -> str:
    """The path of the field `name` of what stands at `path`; a name that reads like a path is quoted."""
    quoted = json.dumps(name, ensure_ascii=False) if not name or set(name) & set('.[]{}"') else name
    return f"{path}.{quoted}" if path else quoted
